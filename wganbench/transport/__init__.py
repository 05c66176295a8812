"""Reference distances: exact W1 through POT, and closed forms.

No module here imports torch before it asks a critic about a divergence, as `bounds` does; POT is
imported only by the modules that solve with it (`exact`, `potentials`), through
`wganbench.transport.pot`.
"""
