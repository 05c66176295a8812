"""Train one run: all its seeds side by side, from the data file to the run's folder."""

import os
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from wganbench.data import Arrays
from wganbench.data.store import DATA, read_data, read_manifest
from wganbench.errors import UserError
from wganbench.plan.configuration import Configuration
from wganbench.plan.digest import training_code
from wganbench.plan.runs import Run
from wganbench.training.course import Course
from wganbench.training.curves import Curves
from wganbench.training.evaluation import Evaluator, evaluation_points
from wganbench.training.networks import write_networks
from wganbench.training.progress import TrainingProgress
from wganbench.training.record import (
    RunRecord,
    SeedStatus,
    Timings,
    peak_memory_mib,
    provenance,
    write_record,
)
from wganbench.training.samples import Samples, write_samples
from wganbench.training.steps import Game


@dataclass
class Trained:
    """What training leaves, before it is written."""

    game: Game
    curves: Curves
    samples: Samples
    diverged_at: list[int | None]
    converged_at: list[int | None]
    iterations: int
    seconds: float
    seconds_at: list[float]


def prepare_torch(device: str) -> None:
    """Set the process up for reproducible training on one thread.

    Raises:
        UserError: the device is not there.
    """
    if device == "cuda" and not torch.cuda.is_available():
        raise UserError("device: cuda was asked for, but torch sees no GPU; set device: cpu")
    # Two threads on a busy machine are many times slower than one, and one is reproducible.
    torch.set_num_threads(1)
    torch.set_flush_denormal(True)
    if device == "cuda":
        os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")
        # On one CPU thread every operation used here is deterministic as it is, and this call
        # imports torch's compiler, which takes a second.
        torch.use_deterministic_algorithms(True)


def train(
    configuration: Configuration,
    arrays: Arrays,
    seeds: tuple[int, ...],
    device: str = "cpu",
    progress: TrainingProgress | None = None,
) -> Trained:
    """Train every seed and evaluate it along the way; a seed that diverges leaves the others be."""
    game = Game(configuration, arrays, seeds, device)
    evaluator = Evaluator(game, arrays)
    course = Course.of(game, seeds)
    points = set(evaluation_points(configuration))
    seconds = 0.0
    for iteration in range(1, configuration.iterations + 1):
        started = time.perf_counter()
        log = game.iterate()
        if iteration % configuration.log_every == 0 or iteration in points:
            course.add(iteration, log)
            if progress:
                progress.update(iteration, log["estimate"].tolist())
        seconds += time.perf_counter() - started
        if iteration in points or not any(course.alive()):
            course.evaluated(evaluator.evaluate(iteration), seconds)
        if not any(course.alive()):
            break
    course.restore()
    samples = _samples(seeds, evaluator, course)
    return Trained(
        game=game,
        curves=course.curves,
        samples=samples,
        diverged_at=course.diverged_at,
        converged_at=course.converged_at,
        iterations=iteration,
        seconds=seconds,
        seconds_at=course.seconds_at,
    )


def train_run(run: Run, folder: Path, device: str = "cpu", data: Path = DATA) -> RunRecord:
    """Train a run and write its files into its folder, run.json last.

    Raises:
        UserError: the data are missing or damaged, or the device is not there.
    """
    started = time.perf_counter()
    prepare_torch(device)
    configuration = run.configuration
    arrays = read_data(configuration.data, data)
    with TrainingProgress(run.id, configuration.iterations) as progress:
        trained = train(configuration, arrays, run.seeds, device, progress)
    # Whoever finds a run.json may trust the files beside it: the old one goes before they change.
    (folder / "run.json").unlink(missing_ok=True)
    trained.curves.write(folder / "curves.parquet")
    write_samples(trained.samples, folder / "samples.npz")
    write_networks(trained.game, folder / "networks.safetensors")
    record = RunRecord(
        id=run.id,
        experiment=run.experiment,
        scale=run.scale,
        point=run.point,
        seeds=[
            SeedStatus(
                seed=seed,
                status="ok" if diverged is None else "diverged",
                diverged_at=diverged,
                converged_at=converged,
            )
            for seed, diverged, converged in zip(
                run.seeds, trained.diverged_at, trained.converged_at, strict=True
            )
        ],
        configuration=configuration.resolved(),
        digest=run.digest,
        timings=Timings(
            total=time.perf_counter() - started,
            training=trained.seconds,
            per_iteration=trained.seconds / trained.iterations,
            at_evaluations=trained.seconds_at,
            peak_memory_mib=peak_memory_mib(device),
        ),
        provenance=provenance(
            device,
            training_code(configuration),
            read_manifest(data / f"{configuration.data.id}.npz").sha256,
        ),
    )
    write_record(record, folder / "run.json")
    return record


def _samples(seeds: tuple[int, ...], evaluator: Evaluator, course: Course) -> Samples:
    evaluations = course.evaluations
    return Samples(
        seeds=np.array(seeds, dtype=np.int64),
        iterations=np.array([e.iteration for e in evaluations], dtype=np.int64),
        valid=np.array(course.valid, dtype=bool).T,
        generated=np.stack([e.generated for e in evaluations], axis=1),
        real=evaluator.real_for_file(),
        critic_generated=np.stack([e.critic_generated for e in evaluations], axis=1),
        critic_real=np.stack([e.critic_real for e in evaluations], axis=1),
        gradient_norms=np.stack([e.gradient_norms for e in evaluations], axis=1),
        layer_gradient_norm=evaluator.layer_gradient_norm(),
        **evaluator.grid(),
    )
