"""Train one run: all its seeds side by side, from the data file to the run's folder."""

import signal
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from wganbench.data import Arrays
from wganbench.errors import StoppedError
from wganbench.files import sha256_of
from wganbench.plan.configuration import Configuration
from wganbench.plan.runs import Run
from wganbench.plan.steps import TRAIN
from wganbench.records.curves import Curves
from wganbench.records.data import DATA, read_data, read_manifest
from wganbench.records.layout import CHECKPOINT_EVERY, CHECKPOINTS, RECORD, TRAINED
from wganbench.records.networks import write_networks
from wganbench.records.run import Provenance, RunRecord, SeedStatus, Timings, write_record
from wganbench.records.samples import Samples, write_samples
from wganbench.training.checkpoint import Checkpoints, Identity
from wganbench.training.evaluation import Evaluator
from wganbench.training.game import Game
from wganbench.training.history import History
from wganbench.training.interruption import stop_requests
from wganbench.training.loop import Training
from wganbench.training.memory import shortage_reported
from wganbench.training.process import prepare_torch
from wganbench.training.progress import TrainingProgress
from wganbench.training.provenance import peak_memory_mib, provenance


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
    seconds_before: float
    resumed_at: list[int]

    @classmethod
    def of(cls, training: Training) -> "Trained":
        """Return what a training that is over leaves."""
        history = training.history
        return cls(
            game=training.game,
            curves=history.curves,
            samples=_samples(training.evaluator, history),
            diverged_at=history.diverged_at,
            converged_at=history.converged_at,
            iterations=training.iteration,
            seconds=training.seconds,
            seconds_at=history.seconds_at,
            seconds_before=training.seconds_before,
            resumed_at=training.resumed_at,
        )


def train(
    configuration: Configuration,
    arrays: Arrays,
    seeds: tuple[int, ...],
    device: str = "cpu",
    progress: TrainingProgress | None = None,
    checkpoints: Checkpoints | None = None,
) -> Trained:
    """Train every seed and evaluate it along the way; a seed that diverges leaves the others be.

    Raises:
        StoppedError: a signal asked to stop; there is a checkpoint then, if there are checkpoints.
    """
    training = Training(configuration, arrays, seeds, device)
    if checkpoints:
        checkpoints.resume(training)
    with stop_requests() as request:
        while not training.is_over():
            training.advance(progress)
            if request.signal is not None and not training.is_over():
                raise _interrupted(training, checkpoints, request.signal)
            if checkpoints:
                checkpoints.save_if_due(training)
    training.history.settle()
    return Trained.of(training)


def _interrupted(training: Training, checkpoints: Checkpoints | None, number: int) -> StoppedError:
    at = f"{signal.Signals(number).name}: stopped after iteration {training.iteration}"
    if checkpoints and checkpoints.save(training):
        return StoppedError(f"{at}; the same command goes on from there", number)
    return StoppedError(f"{at}; nothing of it is kept", number)


def train_run(
    run: Run,
    folder: Path,
    device: str = "cpu",
    data: Path = DATA,
    checkpoints: Path = CHECKPOINTS,
    every: float = CHECKPOINT_EVERY,
) -> RunRecord:
    """Train a run and write its files into its folder, run.json last.

    Args:
        run: the run.
        folder: its folder.
        device: cpu or cuda.
        data: the folder with the data files.
        checkpoints: the folder with all runs' checkpoints.
        every: seconds between two checkpoints of the run.

    Raises:
        UserError: the data are missing or damaged, the device is not there, or memory is short.
        StoppedError: a signal asked to stop; training goes on from its checkpoint next time.
    """
    started = time.perf_counter()
    prepare_torch(device)
    configuration = run.configuration
    arrays = read_data(configuration.data, data)
    made = provenance(
        device,
        TRAIN.code(configuration),
        read_manifest(data / f"{configuration.data.id}.npz").sha256,
    )
    identity = Identity(run.digest, made.code_digest, made.data_sha256, device, torch.__version__)
    kept = Checkpoints(checkpoints / run.id, identity, every)
    with shortage_reported(run.id):
        with TrainingProgress(run.id, configuration.iterations) as progress:
            trained = train(configuration, arrays, run.seeds, device, progress, kept)
        # Whoever finds a run.json may trust the files beside it: the old one goes before they
        # change.
        (folder / RECORD).unlink(missing_ok=True)
        trained.curves.write(folder / "curves.parquet", configuration.algorithm.columns)
        write_samples(trained.samples, folder / "samples.npz")
        write_networks(trained.game.nets(), folder / "networks.safetensors")
    files = {name: sha256_of(folder / name) for name in TRAINED if name != RECORD}
    seconds = trained.seconds_before + time.perf_counter() - started
    record = _record(run, trained, files, made, seconds)
    write_record(record, folder / RECORD)
    kept.discard()
    return record


def _record(
    run: Run, trained: Trained, files: dict[str, str], made: Provenance, seconds: float
) -> RunRecord:
    ends = zip(run.seeds, trained.diverged_at, trained.converged_at, strict=True)
    return RunRecord(
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
            for seed, diverged, converged in ends
        ],
        configuration=run.configuration.identity(),
        digest=run.digest,
        files=files,
        timings=Timings(
            total=seconds,
            training=trained.seconds,
            per_iteration=trained.seconds / trained.iterations,
            at_evaluations=trained.seconds_at,
            resumed_at=trained.resumed_at,
            peak_memory_mib=peak_memory_mib(made.device),
        ),
        provenance=made,
    )


def _samples(evaluator: Evaluator, history: History) -> Samples:
    evaluations = history.evaluations
    of_critic = ("critic_generated", "critic_real", "gradient_norms")
    stacked = {
        name: np.stack([getattr(e, name) for e in evaluations], axis=1)
        for name in ("generated", *(of_critic if evaluator.critic else ()))
    }
    return Samples(
        seeds=np.array(history.curves.seeds, dtype=np.int64),
        iterations=np.array([e.iteration for e in evaluations], dtype=np.int64),
        valid=np.array(history.valid, dtype=bool).T,
        real=evaluator.real_for_file(),
        **stacked,
        **evaluator.at_end(),
    )
