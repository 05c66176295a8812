"""Mode coverage of mixtures; FID and kin of images."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wganbench.plan.step import (
    Measurement,
    in_run,
    inception_on_gpu,
    saved_mebibytes,
    saved_samples,
    space_files,
)

if TYPE_CHECKING:
    from wganbench.plan.runs import Run


def _images_a_minute(run: Run) -> float:
    """Return how many samples are looked at: Inception makes ten images a second on one core."""
    if not space_files(run):
        return 600_000  # points, held against modes
    if run.extractor == "classifier":
        return 30_000
    return 12_000 if run.device == "cuda" else 600  # a GPU's is a guess


ROW = Measurement(
    name="fidelity",
    about="Measure how good a trained run's samples are.",
    modules=("wganbench.fidelity.measure",),
    reader="wganbench.records.fidelity:read_fidelity",
    reads=lambda run: [*space_files(run), *in_run("samples.npz")(run)],
    applies=lambda run: run.configuration.data.modes() is not None or bool(space_files(run)),
    # Names the images' feature space where that is not the usual one.
    variant=lambda run: run.extractor if space_files(run) and run.extractor != "classifier" else "",
    on_gpu=inception_on_gpu,
    # Samples are held with their features.
    memory=lambda run: 4000 + 3 * saved_mebibytes(run),
    minutes=lambda run: saved_samples(run) / _images_a_minute(run),
)
