"""Reference distances: exact W1 through POT, closed forms, divergences, pairs of known W1.

No module here imports torch; POT is imported only by the modules that solve with it
(`exact`, `potentials`), through `wganbench.transport.pot`.
"""
