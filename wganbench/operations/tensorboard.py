"""Curves and samples of runs as TensorBoard's event files, a folder for each seed.

TensorBoard is the optional extra `wganbench[tensorboard]`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from wganbench.errors import UserError
from wganbench.operations.looking import KEY, Look, Looker, Places
from wganbench.plan.run_files import run_as_yaml
from wganbench.records.samples import read_samples

if TYPE_CHECKING:
    import pandas as pd
    from jaxtyping import Shaped
    from matplotlib.figure import Figure
    from torch.utils.tensorboard import SummaryWriter

    from wganbench.plan.runs import Run

SUFFIX = ".wganbench"  # at the end of our files' names: these are replaced, no others
IMAGES = 64  # shown of a seed at an evaluation point, eight in a row
POINTS = 1000


def convert(run: Run, logdir: Path, places: Places | None = None) -> list[Path]:
    """Write what is known of a run into event files, and return their folders, one for each seed.

    What was converted before is replaced.

    Raises:
        UserError: TensorBoard is not installed, nothing of the run is there yet, or a file of it
            is damaged.
    """
    writer = writer_class()
    places = places or Places()
    look = Looker(run, places).look()
    if look.curves.empty:
        raise UserError(
            f"{run.id}: has no curves yet ({look.state}); a checkpoint is written once a minute"
        )
    by_seed = {int(str(seed)): rows for seed, rows in look.curves.groupby("seed")}
    folders = {seed: logdir / run.id / f"seed-{seed}" for seed in by_seed}
    old = [path for folder in folders.values() for path in folder.glob(f"*{SUFFIX}")]
    with ExitStack() as opened:
        writers = {
            seed: opened.enter_context(writer(str(folder), filename_suffix=SUFFIX))
            for seed, folder in folders.items()
        }
        for seed, events in writers.items():
            events.add_text("configuration", f"```yaml\n{run_as_yaml(run)}\n```")
            _add_curves(events, by_seed[seed])
        for seed, iteration, samples in _samples(look, places):
            _add_samples(writers[seed], run, iteration, samples)
    for path in old:
        path.unlink(missing_ok=True)
    return list(folders.values())


def writer_class() -> type[SummaryWriter]:
    """Return what writes event files.

    Raises:
        UserError: TensorBoard is not installed.
    """
    try:
        from torch.utils.tensorboard import SummaryWriter
    except ImportError:
        raise UserError(
            "TensorBoard is not installed: `pip install 'wganbench[tensorboard]'`, or, in a "
            "checkout, `pip install tensorboard`"
        ) from None
    return SummaryWriter


def _add_curves(events: SummaryWriter, rows: pd.DataFrame) -> None:
    ordered = rows.sort_values("iteration")
    numbers = ordered.select_dtypes("number").drop(columns=KEY)
    for name in numbers:
        for iteration, value in zip(ordered["iteration"], numbers[name], strict=True):
            if np.isfinite(value):
                events.add_scalar(str(name), float(value), int(iteration))


def _samples(
    look: Look, places: Places
) -> Iterator[tuple[int, int, Shaped[np.ndarray, "n *shape"]]]:
    """Yield seed, iteration and the generated samples of each evaluation that a seed had."""
    if look.is_over:
        saved = read_samples(places.results / look.run.id / "samples.npz", look.run)
        for row, place in np.argwhere(saved.valid):
            seed, iteration = int(saved.seeds[row]), int(saved.iterations[place])
            yield seed, iteration, saved.generated[row, place]
        return
    from wganbench.training.state import read_state

    for iteration, (path, digest) in look.evaluations.items():
        try:
            generated = read_state(path, digest).tensors["generated"].numpy()
        except FileNotFoundError:
            raise UserError(
                f"{path}: is gone, as the run has ended just now; give the same command again"
            ) from None
        there = look.curves[look.curves["iteration"] == iteration]
        for seed in there.loc[there["is_evaluation"].astype(bool), "seed"]:
            yield int(seed), iteration, generated[look.run.seeds.index(seed)]


def _add_samples(
    events: SummaryWriter, run: Run, iteration: int, samples: Shaped[np.ndarray, "n *shape"]
) -> None:
    if run.configuration.generator is None:
        return  # of a fixed pair of laws, where nothing changes
    if run.configuration.data.kind == "images":
        events.add_image("samples", _grid(samples[:IMAGES]), iteration)
    elif samples.shape[1] == 1:
        events.add_histogram("samples", samples[:, 0], iteration)
    else:
        events.add_figure("samples", _scatter(samples[:POINTS]), iteration)


def _grid(images: Shaped[np.ndarray, "n channel height width"]) -> Shaped[np.ndarray, "c h w"]:
    import torch
    from torchvision.utils import make_grid

    grid: Shaped[np.ndarray, "c h w"] = make_grid(torch.from_numpy(images)).numpy()
    return grid


def _scatter(points: Shaped[np.ndarray, "n dim"]) -> Figure:
    """Return a drawing of the first two coordinates."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(4, 4))
    axes = figure.add_subplot()
    axes.scatter(points[:, 0], points[:, 1], s=3)
    axes.set_aspect("equal", "datalim")
    return figure
