"""What critics on the line have learned of a divergence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wganbench.plan.step import Measurement, at_scales, in_run

if TYPE_CHECKING:
    from wganbench.plan.runs import Run

OBJECTIVES = ("f-gan", "minimax", "non-saturating")


def _is_asked(run: Run) -> bool:
    """Return whether a critic of a divergence is between [fGAN]'s mixture and a normal law."""
    c = run.configuration
    stands = {
        ("critic-only", "fgan-fit"): True,
        ("adversarial", "fgan-mixture"): c.get("generator.name") == "affine",
    }
    is_between = stands.get((c.algorithm.name, c.data.name), False)
    return is_between and c.get("objective.name") in OBJECTIVES


ROW = Measurement(
    name="bounds",
    about="Measure what a trained run's critic has learned of a divergence between laws on a line.",
    modules=("wganbench.transport.bounds",),
    reader="wganbench.records.bounds:read_bounds",
    reads=in_run("run.json", "samples.npz", "networks.safetensors"),
    applies=_is_asked,
    memory=at_scales(2000, 2000, 2000, 2000),
    minutes=at_scales(10, 10, 10, 10),
)
