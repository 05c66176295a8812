"""`results/claims.json`: every claim's verdict at a scale. Small, so that it goes into git."""

from pathlib import Path

from wganbench.claims.judging.catalogue import catalogue
from wganbench.claims.judging.evidence import evidence_of
from wganbench.claims.judging.verdict import judge_all
from wganbench.files import written_atomically
from wganbench.gather.load import load_results
from wganbench.plan import steps
from wganbench.plan.runs import Run
from wganbench.records.claims import Claims, as_text
from wganbench.records.layout import CLAIMS


def write_claims(runs: list[Run], scale: str, folder: Path, results: Path) -> Claims:
    """Judge every claim by the runs' results, write claims.json and return it.

    Raises:
        UserError: a result is missing or damaged; nothing is written then.
    """
    evidence = evidence_of(load_results(runs, folder))
    verdicts = judge_all(catalogue(), evidence)
    claims = Claims(scale=scale, code_digest=steps.CLAIMS.code(), claims=verdicts)
    with written_atomically(results / CLAIMS) as temporary:
        temporary.write_text(as_text(claims), encoding="utf-8")
    return claims
