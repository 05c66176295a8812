"""Claims of [EBGAN]."""

from collections.abc import Callable

from claim_evidence import Levels, Made

from claim_cases.builds import Build, Cases
from wganbench.claims.judging.evidence import Evidence

# As near the ring as two samples of it are, with all modes.
NEAR = {"fid": 5.0, "w1": 0.08, "floor": 0.07, "modes": 8.0, "modes_loose": 8.0}


def game(made: Made, pulling_away: float = 0.0, base: str = "toy") -> str:
    return made.run(
        "gan", base, objective__name="ebgan", objective__margin=1.0, critic__name="auto-encoder",
        objective__pulling_away=pulling_away,
    )  # fmt: skip


def played(column: str, of_level: Callable[[float], float], *bases: str) -> Build:
    """Return a build in which one column of plain games, near the data, follows the levels."""

    def build(levels: Levels) -> Evidence:
        made = Made()
        for base in bases:
            run = game(made, base=base)
            made.end(run, **NEAR | {column: [of_level(level) for level in levels]})
        return made.evidence

    return build


def energies_vary(levels: Levels) -> Evidence:
    """Levels are the coefficients of variation."""
    made = Made()
    run = game(made)
    for seed, level in enumerate(levels):
        made.history(run, seed, **{name: [value] * 20 for name, value in NEAR.items()})
        for k in range(20):
            made.measure_at("energy_variation", run, seed, 100 * (k + 1), level)
    return made.evidence


def modes_won(levels: Levels) -> Evidence:
    """Levels are shares of modes that the term wins over three of eight."""
    made = Made()
    made.end(game(made), **NEAR | {"modes_loose": 3.0})
    pulled = [3.0 + 8 * level for level in levels]
    made.end(game(made, 0.1), **NEAR | {"modes_loose": pulled})
    return made.evidence


CASES: Cases = {
    "ebgan_value": (0.02, 0.4, played("divergence_heldout", lambda level: level, "toy", "images")),
    "ebgan_law": (1.2, 6, played("w1", lambda level: 0.07 * level, "toy")),
    "ebgan_flat": (0.02, 0.6, energies_vary),
    "ebgan_pulling_away": (0.5, 0.0, modes_won),
}  # fmt: skip
