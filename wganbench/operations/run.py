"""Train and measure in one process, without Snakemake: on a bare GPU box, in a hosted notebook.

The files are those that the single commands write, in the same places. What is done and fresh is
left as it is, so that the same command goes on after a failure.
"""

import time
from collections.abc import Iterable
from fnmatch import fnmatchcase
from functools import partial
from math import inf
from pathlib import Path

from typer import echo

from wganbench.data import DataSet
from wganbench.data.store import write_data
from wganbench.errors import UserError
from wganbench.locks import BusyError, writing
from wganbench.operations import freshness
from wganbench.operations.finished import is_done, part_of
from wganbench.operations.training import train_measured
from wganbench.plan.overview import unmeasured
from wganbench.plan.params import Params
from wganbench.plan.runs import Run
from wganbench.plan.step import Measurement
from wganbench.plan.steps import DATA_SET, EXTRACTOR, TRAIN, measurements
from wganbench.records.data import DATA, check_samples, read_manifest
from wganbench.records.extractor import read_made
from wganbench.records.layout import CHECKPOINT_EVERY, EXTRACTORS, RECORD, REPORTS, RUNS, SCALES
from wganbench.records.run import read_record

WORKER = "worker"  # lock of the worker that makes a run


def chosen(params: Params, experiments: list[str], only: str = "*") -> list[Run]:
    """Return the planned runs of some experiments whose id or name matches a pattern."""
    planned = [run for runs in params.runs(experiments).values() for run in runs]
    if not planned:
        raise UserError(f"{', '.join(experiments)}: no runs are planned at scale {params.scale}")
    found = [r for r in planned if fnmatchcase(r.id, only) or fnmatchcase(r.name, only)]
    if not found:
        at = f"at scale {params.scale} in {', '.join(experiments)}"
        raise UserError(f"--only: {only!r} matches none of the {len(planned)} runs {at}")
    return found


def run_planned(
    params: Params,
    experiments: list[str],
    only: str = "*",
    every: float = CHECKPOINT_EVERY,
    *,
    worker: bool = False,
    keep_state: bool = False,
) -> None:
    """Make what is missing or stale of some experiments' runs, as `chosen` and `run_all` do.

    Candidates first: what is chosen among them decides which runs follow, and what was chosen
    before may be of other results. A worker makes what others leave, as `take_all` does.

    Raises:
        UserError: as by these.
    """
    make_all = take_all if worker else run_all
    make = partial(make_all, every=every, keep_state=keep_state)
    planned = chosen(params, experiments, only)
    make([run for run in planned if run.candidate or not run.tuned])
    _choose(params, experiments)
    planned = chosen(params, experiments, only)
    if rest := [run for run in planned if run.tuned and not run.candidate]:
        make(rest)


def _choose(params: Params, experiments: list[str]) -> None:
    """Choose settings in the tuned ones of some experiments whose candidates are done."""
    from wganbench.gather.choosing import chosen_settings, write_choices

    for name, runs in params.possible_runs(experiments).items():
        candidates = [run for run in runs if run.candidate]
        if candidates and all(map(is_done, candidates)):
            made = chosen_settings(candidates, RUNS)
            if made != params.choices(name):
                echo(write_choices(made, name, params.scale, RUNS))


def run_all(runs: list[Run], every: float = CHECKPOINT_EVERY, *, keep_state: bool = False) -> None:
    """Make what is missing or stale of these runs; one that fails leaves the others be.

    `every` so many seconds a training writes a checkpoint; its state at the end is kept on request.

    Raises:
        UserError: a data set or feature space cannot be made, and nothing is trained then; or runs
            have failed, after the others are done.
    """
    prepare(runs)
    _tell_unmeasured(runs)
    failed = []
    for number, run in enumerate(runs, 1):
        try:
            outcome = _timed(run, every, keep_state) or "was done"
        except UserError as error:
            failed.append(run.id)
            outcome = f"failed: {error}"
        echo(f"[{number}/{len(runs)}] {run.id}: {outcome}")
    _refuse_failed(failed, len(runs))


def take_all(runs: list[Run], every: float = CHECKPOINT_EVERY, *, keep_state: bool = False) -> None:
    """Make those of these runs that are not done and that no other process is at.

    Any number of workers may do so at once, on any number of nodes that share the folder: each run
    is made by one of them, and a worker ends when it has gone through all.

    Raises:
        UserError: as by `run_all`.
    """
    prepare(runs)
    _tell_unmeasured(runs)
    made, failed = 0, []
    for run in (run for run in runs if not is_done(run)):
        try:
            with writing(run.id, (WORKER,), patience=0):
                if outcome := _timed(run, every, keep_state):  # else another was faster
                    made += 1
                    echo(f"{run.id}: {outcome}")
        except BusyError:
            continue
        except UserError as error:
            failed.append(run.id)
            echo(f"{run.id}: failed: {error}")
    others = sum(not is_done(run) for run in runs) - len(failed)
    echo(f"made {made} of {len(runs)} runs; {others} are another process's")
    _refuse_failed(failed, len(runs))


def _timed(run: Run, every: float, keep_state: bool) -> str:
    """Bring one run up to date; return what was done in how many seconds, or nothing."""
    started = time.perf_counter()
    done = _one(run, every, keep_state)
    return f"{', '.join(done)} in {time.perf_counter() - started:.1f} s" if done else ""


def _refuse_failed(failed: list[str], total: int) -> None:
    if failed:
        raise UserError(
            f"{len(failed)} of {total} runs failed, as told above: {', '.join(failed)}; mend the "
            "cause and run the same command again, what is done is kept"
        )


def _tell_unmeasured(runs: list[Run]) -> None:
    for name in dict.fromkeys(run.experiment for run in runs):
        for line in unmeasured([run for run in runs if run.experiment == name]):
            echo(line)


def prepare(runs: Iterable[Run]) -> None:
    """Write the data sets and feature spaces that are missing or stale.

    Raises:
        UserError: one cannot be made, or a run asks for more than its data have.
    """
    runs = list(runs)
    for run in {run.configuration.data.id: run for run in runs}.values():
        data = run.configuration.data
        path = DATA / f"{data.id}.npz"
        if freshness.why_stale_data(data, path):
            with writing(f"{DATA.name}/{data.id}", DATA_SET.locks, patience=inf):
                if freshness.why_stale_data(data, path):  # nobody made it meanwhile
                    echo(write_data(data))
        check_samples_of(data, runs)
        if made := make_space(run):
            echo(made)


def make_space(run: Run) -> str:
    """Write the feature space that a run's images are measured in if it is missing or stale.

    Return a line about it, or nothing if there was nothing to do.

    Raises:
        UserError: it cannot be made.
    """
    data = run.configuration.data
    path = DATA / f"{data.id}.npz"
    if _unmade(run, path):
        from wganbench.fidelity.store import write_extractor

        with writing(f"{EXTRACTORS.name}/{data.id}", EXTRACTOR.locks, patience=inf):
            if _unmade(run, path):  # nobody made it meanwhile
                made = write_extractor(data, run.extractor, device=run.device)
                return f"{data.id}: {made.extractor}"
    return ""


def check_samples_of(data: DataSet, runs: Iterable[Run]) -> None:
    """Check the runs on a data set that is made, where the plan could not know its size.

    Raises:
        UserError: one asks for more held-out samples than there are.
    """
    if data.heldout_size is None:
        (heldout, *_) = read_manifest(DATA / f"{data.id}.npz").shapes["heldout"]
        for run in runs:
            if run.configuration.data.id == data.id:
                check_samples(run, heldout)


def _unmade(run: Run, data: Path) -> bool:
    """Return whether a data set's feature space is to be made: missing, stale or of other data.

    Digests decide, no dates: a clock may have been set back since.
    """
    path = EXTRACTORS / f"{data.stem}.json"
    return EXTRACTOR.applies(run) and (
        bool(freshness.why_stale_extractor(run, path))
        or read_made(path).data_sha256 != read_manifest(data).sha256
    )


def _one(run: Run, every: float, keep_state: bool) -> list[str]:
    """Bring one run up to date and return what was done."""
    folder = RUNS / run.id
    done = []
    if _is_to_train(run, folder):
        with writing(run.id, TRAIN.locks):
            # Else distances of the old samples would pass for those of the new.
            for step in measurements(run):
                (folder / step.file).unlink(missing_ok=True)
            train_measured(run, folder, every=every, keep_state=keep_state)
        done.append("trained")
    return done + [f"measured {step}" for step in measure_anew(run, folder)]


def measure_anew(run: Run, folder: Path) -> list[str]:
    """Measure what is missing or stale of a trained run, and return the names of that.

    Raises:
        UserError: what it is measured on is missing or damaged, or another process is at it.
    """
    stale = [step for step in measurements(run) if not freshness.is_current(step, run, folder)]
    for step in stale:
        _measure(step, run, folder)
    return [step.name for step in stale]


def _is_to_train(run: Run, folder: Path) -> bool:
    missing = [file for file in TRAIN.files if not (folder / file).is_file()]
    if missing or freshness.why_stale(run, folder):
        return True
    manifest = read_manifest(DATA / f"{run.configuration.data.id}.npz")
    return read_record(folder / RECORD).provenance.data_sha256 != manifest.sha256


def _measure(step: Measurement, run: Run, folder: Path) -> None:
    """Measure as a process of its own would, without what training sets for the whole process."""
    import torch

    torch.set_flush_denormal(False)
    torch.use_deterministic_algorithms(False)
    step.measure(run, folder)


def report_on_finished(params: Params) -> None:
    """Write summary, verdicts and report about every planned run that is done, whoever did it."""
    from wganbench.claims.judging.store import read_other_claims, write_claims
    from wganbench.report.site.write import write_report
    from wganbench.report.tables.summary import write_summary

    part = part_of(params, finished=True)
    runs, scale, results = part.all_runs, params.scale, SCALES / params.scale
    write_summary(runs, RUNS, results)
    claims = [write_claims(runs, scale, RUNS, results, part.shares), *read_other_claims(scale)]
    gaps = list(part.gaps())
    page = write_report(params.experiments(), part.runs, scale, RUNS, REPORTS, claims, gaps=gaps)
    total = len(runs) + sum(map(len, part.absent.values()))
    echo(f"{page}: {len(runs)} of the {total} runs of scale {scale} are in it")
