"""The papers' claims as tests on results: one module for each claim.

A module here states one claim as `CLAIM`, a `wganbench.claims.judging.claim.Claim`, and is found by
its file. The subpackage `judging` turns what claims measure into verdicts.
"""
