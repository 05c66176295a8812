"""What the saved nets of image runs know."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wganbench.plan.step import (
    Measurement,
    at_scales,
    data_files,
    has_classifier,
    in_run,
    space_files,
)

if TYPE_CHECKING:
    from wganbench.plan.runs import Run

DCGAN = "dcgan"


def _is_asked(run: Run) -> bool:
    """Return whether one of a run's two nets is [DCGAN]'s, whose questions these are."""
    c = run.configuration
    return (
        c.algorithm.name == "adversarial"
        and DCGAN in (c.get("generator.name"), c.get("critic.name"))
        and has_classifier(run)
    )


ROW = Measurement(
    name="nets",
    about="Measure what a trained run's saved nets know of images with classes.",
    modules=("wganbench.fidelity.nets",),
    reader="wganbench.records.nets:read_nets",
    reads=lambda run: [
        *data_files(run),
        *space_files(run),
        *in_run("run.json", "samples.npz", "networks.safetensors")(run),
    ],
    # The code of both nets, and of the constraint, which may put parametrisations into them.
    settings=lambda run: run.configuration,
    applies=_is_asked,
    memory=at_scales(2000, 2000, 4000, 8000),
    minutes=at_scales(10, 10, 60, 120),
)
