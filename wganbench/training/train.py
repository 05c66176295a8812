"""Train one run: all its seeds side by side, from the data file to the run's folder."""

import signal
import time
from pathlib import Path

import torch

from wganbench.data import Arrays
from wganbench.errors import StoppedError
from wganbench.files import sha256_of
from wganbench.plan.configuration import Configuration
from wganbench.plan.runs import Run
from wganbench.plan.steps import TRAIN
from wganbench.records.data import DATA, check_samples, read_data, read_manifest
from wganbench.records.layout import CHECKPOINT_EVERY, CHECKPOINTS, KEPT, RECORD, TRAINED
from wganbench.records.networks import write_networks
from wganbench.records.run import Provenance, RunRecord, SeedStatus, Timings, write_record
from wganbench.records.samples import write_samples
from wganbench.training.checkpoint import Checkpoints, Identity
from wganbench.training.interruption import stop_requests
from wganbench.training.kept import Kept
from wganbench.training.loop import Training
from wganbench.training.memory import shortage_reported
from wganbench.training.process import prepare_torch
from wganbench.training.progress import TrainingProgress
from wganbench.training.provenance import peak_memory_mib, provenance


def train(
    configuration: Configuration,
    arrays: Arrays,
    seeds: tuple[int, ...],
    device: str = "cpu",
    progress: TrainingProgress | None = None,
    checkpoints: Checkpoints | None = None,
    kept: Kept | None = None,
    *,
    keep_state: bool = False,
) -> Training:
    """Train every seed and evaluate it along the way; a seed that diverges leaves the others be.

    Without a checkpoint it goes on from a shorter training's state, if one is `kept`.

    Raises:
        StoppedError: a signal asked to stop; there is a checkpoint then, if there are checkpoints.
    """
    training = Training(configuration, arrays, seeds, device)
    if checkpoints:
        checkpoints.resume(training)
    if kept and not training.iteration:
        kept.go_on(training)
    with stop_requests() as request:
        while not training.is_over():
            training.advance(progress)
            if request.signal is not None and not training.is_over():
                raise _interrupted(training, checkpoints, request.signal)
            if checkpoints:
                checkpoints.save_if_due(training)
    if kept and keep_state:
        kept.keep(training)
    training.history.settle()
    return training


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
    *,
    keep_state: bool = False,
    kept_states: Path = KEPT,
) -> RunRecord:
    """Train a run and write its files into its folder, run.json last.

    Args:
        run: the run.
        folder: its folder.
        device: cpu or cuda.
        data: the folder with the data files.
        checkpoints: the folder with all runs' checkpoints.
        every: seconds between two checkpoints of the run.
        keep_state: whether to keep the state at the end, for a run with more iterations.
        kept_states: the folder with all that were kept.

    Raises:
        UserError: the data are missing or damaged, the device is not there, or memory is short.
        StoppedError: a signal asked to stop; training goes on from its checkpoint next time.
    """
    started = time.perf_counter()
    prepare_torch(device)
    configuration = run.configuration
    arrays = read_data(configuration.data, data)
    check_samples(run, len(arrays.heldout))
    made = provenance(
        device,
        TRAIN.code(configuration),
        read_manifest(data / f"{configuration.data.id}.npz").sha256,
    )
    identity = Identity(run.digest, made.code_digest, made.data_sha256, device, torch.__version__)
    saved = Checkpoints(checkpoints / run.id, identity, every)
    kept = Kept(run, identity, kept_states)
    with shortage_reported(run.id):
        with TrainingProgress(run.id, configuration.iterations) as progress:
            trained = train(
                configuration, arrays, run.seeds, device, progress, saved, kept,
                keep_state=keep_state,
            )  # fmt: skip
        # Whoever finds a run.json may trust the files beside it: the old one goes before they
        # change.
        (folder / RECORD).unlink(missing_ok=True)
        trained.history.curves.write(folder / "curves.parquet", configuration.algorithm.columns)
        write_samples(trained.samples, folder / "samples.npz")
        write_networks(trained.game.nets(), folder / "networks.safetensors")
    files = {name: sha256_of(folder / name) for name in TRAINED if name != RECORD}
    seconds = trained.seconds_before + time.perf_counter() - started
    record = _record(run, trained, files, made, seconds)
    write_record(record, folder / RECORD)
    saved.discard()
    return record


def _record(
    run: Run, trained: Training, files: dict[str, str], made: Provenance, seconds: float
) -> RunRecord:
    ends = zip(run.seeds, trained.history.diverged_at, trained.history.converged_at, strict=True)
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
            per_iteration=trained.seconds / trained.iteration,
            at_evaluations=trained.history.seconds_at,
            resumed_at=trained.resumed_at,
            peak_memory_mib=peak_memory_mib(made.device),
        ),
        provenance=made,
    )
