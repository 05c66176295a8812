"""Samples from a finished run's generator, as many as are wanted, a batch in memory at a time."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from wganbench.compare.recorded import recorded_run
from wganbench.data import Arrays
from wganbench.errors import UserError
from wganbench.files import written_atomically

if TYPE_CHECKING:
    from jaxtyping import Shaped

    from wganbench.plan.configuration import Configuration
    from wganbench.plan.runs import Run
    from wganbench.records.run import RunRecord
    from wganbench.training.evaluation import Evaluator

ARRAY = ".npy"


def write_samples_of(folder: Path, out: Path, n: int, seed: int | None = None) -> int:
    """Write samples of a run's generator and return the seed that it was trained with.

    Args:
        folder: the finished run's.
        out: an .npy file of one array, or a folder that gets a PNG for each image.
        n: how many.
        seed: which of the run's replicas; none: the first that did not diverge.

    Raises:
        UserError: the run has no generator or no such replica, its files are damaged, or there is
            no room.
    """
    run, record = recorded_run(folder)
    chosen = _seed(run, record, seed)
    as_array = out.suffix == ARRAY
    if not as_array and run.configuration.data.kind != "images":
        raise UserError(f"{out}: {run.id} makes points; write them to a file that ends in {ARRAY}")
    if not as_array and out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise UserError(f"{out}: is there already; name an empty folder, or a new one")
    batches = generated(run, folder, chosen, n)
    if as_array:
        _write_array(batches, out, n)
    else:
        _write_images(batches, out, n)
    return chosen


def generated(
    run: Run, folder: Path, seed: int, n: int
) -> Iterator[Shaped[np.ndarray, "k *shape"]]:
    """Yield n samples of a replica, in batches; images as grey levels.

    They come from the latents that the run was evaluated on, so that its saved samples are the
    first, and from what that stream goes on with.

    Raises:
        UserError: the networks are missing, damaged or of another run.
    """
    import torch

    from wganbench.grey_levels import as_levels

    evaluator = _restored(run, folder, seed)
    game, latents = evaluator.game, evaluator.latents
    while n > 0:
        with torch.no_grad():
            made = evaluator.chunked(lambda z: game.algorithm.generate(game, z), latents)[0, :n]
        yield (as_levels(made) if evaluator.images else made).numpy()
        n -= len(made)
        latents = game.algorithm.latents(game.task, latents.shape[1])


def _restored(run: Run, folder: Path, seed: int) -> Evaluator:
    """Return one replica as it was after training, with its first latents."""
    import torch

    from wganbench.records.networks import NETWORKS, read_networks
    from wganbench.training.evaluation import Evaluator
    from wganbench.training.game import Game
    from wganbench.training.process import prepare_torch

    prepare_torch("cpu")
    arrays = _blank(run.configuration)
    game = Game(run.configuration, arrays, (seed,), "cpu")
    evaluator = Evaluator(game, arrays)
    place = run.seeds.index(seed)
    saved = read_networks(folder / NETWORKS, run)
    for name, net in game.nets().items():
        prefix = f"{name}."
        net.load_state_dict(
            {
                key.removeprefix(prefix): torch.from_numpy(tensor[place : place + 1].copy())
                for key, tensor in saved.items()
                if key.startswith(prefix)
            }
        )
    return evaluator


def _blank(configuration: Configuration) -> Arrays:
    """Return data of the right shape: a generator needs none of the real ones."""
    shape = configuration.data.shape
    blank = np.zeros((max(configuration.samples, configuration.batch_size), *shape), np.float32)
    return Arrays(train=blank, heldout=blank)


def _seed(run: Run, record: RunRecord, seed: int | None) -> int:
    if run.configuration.generator is None:
        raise UserError(f"{run.id}: has no generator: its critic is trained between given laws")
    ended = {s.seed: s.status for s in record.seeds}
    well = [s for s, status in ended.items() if status == "ok"]
    if not well:
        raise UserError(f"{run.id}: every seed diverged; there is no generator to sample")
    if seed is None:
        return well[0]
    if seed not in well:
        why = "diverged" if seed in ended else "is none of the run's"
        raise UserError(f"--seed: {seed} {why}; there are {', '.join(map(str, well))}")
    return seed


def _write_array(batches: Iterator[np.ndarray], out: Path, n: int) -> None:
    first = next(batches)
    with written_atomically(out) as temporary:
        array = np.lib.format.open_memmap(
            temporary, mode="w+", dtype=first.dtype, shape=(n, *first.shape[1:])
        )
        array[: len(first)] = first
        done = len(first)
        for batch in batches:
            array[done : done + len(batch)] = batch
            done += len(batch)
        array.flush()


def _write_images(batches: Iterator[np.ndarray], out: Path, n: int) -> None:
    from PIL import Image

    out.mkdir(parents=True, exist_ok=True)
    digits, done = len(str(n - 1)), 0
    for batch in batches:
        for image in batch:
            pixels = image[0] if len(image) == 1 else image.transpose(1, 2, 0)
            Image.fromarray(pixels).save(out / f"{done:0{digits}}.png")
            done += 1
