"""Claims on subsets of WGAN's changes and on blends of its losses and a GAN's."""

from collections.abc import Callable, Collection
from typing import Any

from claim_evidence import Levels, Made

from claim_cases.builds import Build, Cases
from wganbench.claims.judging.changes import CHANGES, CLIPPING, LINEAR, subsets_of
from wganbench.claims.judging.evidence import Evidence

FLOOR = 1.0
WGAN = 2.0  # floors
Names = Collection[str]


def crossed(is_far: Callable[[Names], bool]) -> Build:
    """Return a build in which levels are W1 of these subsets over that of WGAN, near as others."""

    def build(levels: Levels) -> Evidence:
        made = Made()
        for names in subsets_of(CHANGES):
            w1 = [WGAN * v for v in levels] if is_far(names) else [WGAN] * len(levels)
            made.end(subset_run(made, names), w1=w1, floor=FLOOR)
        return made.evidence

    return build


def subset_run(made: Made, names: Names) -> str:
    values = {c.key: c.after if name in names else c.before for name, c in CHANGES.items()}
    optimizer = values.pop("critic_optimizer.name")
    settings = {key.replace(".", "__"): value for key, value in values.items()}
    return made.run("gan", **settings, optimizer__name=optimizer, optimizer__lr=1e-3)


def blended(**floors: float) -> Build:
    """Return a build in which levels are factors on the W1, in floors, of the named runs.

    The names are those of `BLENDS`; runs without one stand at WGAN's distance.
    """

    def build(levels: Levels) -> Evidence:
        made = Made()
        for name, (method, settings) in BLENDS.items():
            run = made.run(method, objective__name="blend", **settings)
            factors = levels if name in floors else [1.0] * len(levels)
            made.end(run, w1=[floors.get(name, WGAN) * v for v in factors], floor=FLOOR)
        return made.evidence

    return build


BLENDS: dict[str, tuple[str, dict[str, Any]]] = {
    "wgan": ("wgan", {"objective__share": 0.0}),
    "half": ("wgan", {"objective__share": 0.5}),
    "half_minimax": ("wgan", {"objective__share": 0.5, "objective__gan_loss": "minimax"}),
    "clipped": ("wgan", {"objective__share": 1.0}),
    "clipped_minimax": ("wgan", {"objective__share": 1.0, "objective__gan_loss": "minimax"}),
    "clipped_average": ("wgan", {"objective__share": 1.0, "objective__gan_loss": "average"}),
    "average": ("gan", {"objective__share": 1.0, "objective__gan_loss": "average"}),
}


CASES: Cases = {
    "clipping_alone": (4, 1, crossed(lambda names: CLIPPING in names and LINEAR not in names)),
    "linear_loss_alone": (4, 1, crossed(lambda names: LINEAR in names and CLIPPING not in names)),
    "every_change_needed": (1.5, 0.7, crossed(lambda names: len(names) == len(CHANGES) - 1)),
    "average_is_wgan": (1, 3, blended(average=WGAN, clipped_average=WGAN)),
    "blend_beats_both": (0.7, 1.5, blended(half=WGAN, half_minimax=WGAN)),
}  # fmt: skip
