"""Rates of a plan's trainings, timed here on a few iterations, before anything of it has run."""

import time
from collections.abc import Callable, Iterable, Iterator

import numpy as np

from wganbench.data import Arrays
from wganbench.errors import UserError
from wganbench.evaluation_points import evaluation_points
from wganbench.operations.energy import drawn_since, joules
from wganbench.operations.rates import CLOSE, LIKENESSES
from wganbench.plan.configuration import Configuration
from wganbench.plan.runs import Run
from wganbench.records.run import Timings

WARM_UP = 5  # iterations: on a GPU the fourth is recorded
SECONDS = 0.5  # of iterations, and of evaluations
LEVELS = 256  # of a grey value


def timed_here(runs: Iterable[Run]) -> Iterator[tuple[Run, Timings | str]]:
    """Yield one run of each likeness whose rates are compared, with what it would take here.

    On a CPU it is timed with its first seed, as replicas share next to nothing there; on a GPU with
    all. Images are random ones of their size. Reading data and writing files are not timed. In
    place of the timings the reason stands why a run cannot be timed.
    """
    firsts = {LIKENESSES[CLOSE[-1]](run): run for run in reversed(list(runs))}
    for run in reversed(firsts.values()):
        one = run if run.device == "cuda" else run.model_copy(update={"seeds": run.seeds[:1]})
        try:
            yield one, _timed(one)
        except UserError as error:
            yield one, str(error)


def _timed(run: Run) -> Timings:
    from wganbench.training.evaluation import Evaluator
    from wganbench.training.game import Game
    from wganbench.training.process import prepare_torch

    configuration, device = run.configuration, run.device
    prepare_torch(device)
    arrays = stand_ins(configuration)
    game = Game(configuration, arrays, run.seeds, device)
    for _ in range(WARM_UP):
        game.iterate()
    started, drawn = time.perf_counter(), joules(device)
    iteration = _seconds(game.iterate, device)
    evaluator = Evaluator(game, arrays)
    evaluation = _seconds(lambda: evaluator.evaluate(0), device)
    energy, spent = drawn_since(drawn, device), time.perf_counter() - started
    training = configuration.iterations * iteration
    points = len(evaluation_points(configuration))
    total = training + points * evaluation
    return Timings(
        total=total, training=training, per_iteration=iteration, at_evaluations=[],
        peak_memory_mib=0, energy_joules=None if energy is None else energy / spent * total,
    )  # fmt: skip


def _seconds(work: Callable[[], object], device: str) -> float:
    """Return the seconds that one call takes, of as many as fill some time, at least one."""
    import torch

    def waited() -> float:
        if device == "cuda":
            torch.cuda.synchronize()
        return time.perf_counter()

    started, calls = waited(), 0
    while calls == 0 or waited() - started < SECONDS:
        work()
        calls += 1
    return (waited() - started) / calls


def stand_ins(configuration: Configuration) -> Arrays:
    """Return samples of a data set, random ones of its size for images that may not be there."""
    data, count = configuration.data, max(configuration.samples, configuration.batch_size)
    rng = np.random.default_rng(0)
    if data.kind != "images":
        return data.generate(rng)
    images = rng.integers(0, LEVELS, (count, *data.shape), dtype=np.uint8)
    return Arrays(images, images)
