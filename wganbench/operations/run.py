"""Train and measure in one process, without Snakemake: on a bare GPU box, in a hosted notebook.

The files are those that the single commands write, in the same places. What is done and fresh is
left as it is, so that the same command goes on after a failure.
"""

import gc
import time
from collections.abc import Callable, Iterable
from fnmatch import fnmatchcase
from pathlib import Path

from wganbench.data.store import write_data
from wganbench.errors import UserError
from wganbench.fidelity.measure import fidelity_source
from wganbench.locks import writing
from wganbench.operations.freshness import (
    missing_files,
    stale_measurements,
    why_stale,
    why_stale_data,
    why_stale_extractor,
)
from wganbench.plan.params import Params
from wganbench.plan.runs import Run
from wganbench.records.data import DATA, read_manifest
from wganbench.records.extractor import read_made
from wganbench.records.fidelity import read_fidelity
from wganbench.records.layout import (
    CHECKPOINT_EVERY,
    EXTRACTORS,
    FIDELITY,
    RECORD,
    REPORTS,
    RESULTS,
    RUNS,
    TRAINED,
    TRANSPORT,
    extractor_files,
    measured,
)
from wganbench.records.run import read_record
from wganbench.records.tables import source_of
from wganbench.records.transport import read_transport
from wganbench.transport.measure import transport_source

Tell = Callable[[str], None]


def chosen(params: Params, experiments: list[str], only: str = "*") -> list[Run]:
    """Return the planned runs of some experiments whose id or name matches a pattern.

    Raises:
        UserError: an experiment is unknown, or there is no such run.
    """
    planned = [run for runs in params.runs(experiments).values() for run in runs]
    if not planned:
        raise UserError(f"{', '.join(experiments)}: no runs are planned at scale {params.scale}")
    found = [r for r in planned if fnmatchcase(r.id, only) or fnmatchcase(r.name, only)]
    if not found:
        at = f"at scale {params.scale} in {', '.join(experiments)}"
        raise UserError(f"--only: {only!r} matches none of the {len(planned)} runs {at}")
    return found


def run_all(runs: list[Run], device: str, tell: Tell, every: float = CHECKPOINT_EVERY) -> None:
    """Make what is missing or stale of these runs; one that fails leaves the others be.

    Args:
        runs: the runs.
        device: cpu or cuda.
        tell: takes what there is to tell, line by line.
        every: seconds between two checkpoints of a training.

    Raises:
        UserError: a data set or feature space cannot be made, and nothing is trained then; or runs
            have failed, after the others are done.
    """
    prepare(runs, tell)
    failed = []
    for number, run in enumerate(runs, 1):
        started = time.perf_counter()
        try:
            steps = _one(run, device, every)
        except UserError as error:
            failed.append(run.id)
            said = f"failed: {error}"
        else:
            seconds = time.perf_counter() - started
            said = f"{', '.join(steps)} in {seconds:.1f} s" if steps else "was done"
        tell(f"[{number}/{len(runs)}] {run.id}: {said}")
    if failed:
        raise UserError(
            f"{len(failed)} of {len(runs)} runs failed, as told above: {', '.join(failed)}; mend "
            "the cause and run the same command again, what is done is kept"
        )


def prepare(runs: Iterable[Run], tell: Tell) -> None:
    """Write the data sets and feature spaces that are missing or stale.

    Raises:
        UserError: what they are made from is missing or damaged.
    """
    for run in {run.configuration.data.id: run for run in runs}.values():
        data = run.configuration.data
        path = DATA / f"{data.id}.npz"
        if why_stale_data(data, path):
            tell(str(write_data(data)))
        spaces = [EXTRACTORS / file for file in extractor_files(data, run.extractor)]
        if _unmade(run, spaces, path):
            from wganbench.fidelity.store import write_extractor

            with writing(f"{EXTRACTORS.name}/{data.id}", "extractor"):
                tell(f"{data.id}: {write_extractor(data, run.extractor).extractor}")


def _unmade(run: Run, spaces: list[Path], data: Path) -> bool:
    """Tell whether a data set's feature space is to be made: missing, stale or of other data.

    Digests tell, no dates: a clock may have been set back since.
    """
    if any(why_stale_extractor(run.configuration.data, run.extractor, path) for path in spaces):
        return True
    described = [path for path in spaces if path.suffix == ".json"]
    sha256 = read_manifest(data).sha256
    return any(read_made(path).data_sha256 != sha256 for path in described)


def _one(run: Run, device: str, every: float) -> list[str]:
    """Bring one run up to date and return what was done."""
    folder = RUNS / run.id
    steps = []
    if _is_to_train(run, folder):
        with writing(run.id, "train"):
            # Else distances of the old samples would pass for those of the new.
            for file in measured(run.configuration, run.extractor):
                (folder / file).unlink(missing_ok=True)
            _train(run, folder, device, every)
        steps.append("trained")
    outdated = _outdated(run, folder)
    for file in outdated:
        _measure(run, folder, file)
    return [*steps, *(f"measured {Path(file).stem}" for file in outdated)]


def _is_to_train(run: Run, folder: Path) -> bool:
    if any(not (folder / file).is_file() for file in TRAINED) or why_stale(run, folder):
        return True
    manifest = read_manifest(DATA / f"{run.configuration.data.id}.npz")
    return read_record(folder / RECORD).provenance.data_sha256 != manifest.sha256


def _outdated(run: Run, folder: Path) -> list[str]:
    """Return the measurements that are missing, stale, or of other samples than these."""
    stale = stale_measurements(run, folder)
    return [
        file
        for file in measured(run.configuration, run.extractor)
        if file in stale
        or not (folder / file).is_file()
        or not _is_of_these_samples(run, folder, file)
    ]


def _is_of_these_samples(run: Run, folder: Path, file: str) -> bool:
    """Compare digests, no dates: a clock may have been set back since."""
    if file == TRANSPORT:
        return source_of(read_transport(folder / file)) == transport_source(folder)
    return source_of(read_fidelity(folder / file)) == fidelity_source(run, folder)


def _train(run: Run, folder: Path, device: str, every: float) -> None:
    import torch

    from wganbench.training.train import train_run

    gc.collect()
    if device == "cuda" and torch.cuda.is_available():
        torch.cuda.empty_cache()
        torch.cuda.reset_peak_memory_stats()
    train_run(run, folder, device, every=every)


def _measure(run: Run, folder: Path, file: str) -> None:
    """Measure as a process of its own would, without what training sets for the whole process."""
    import torch

    from wganbench.fidelity.measure import measure_fidelity
    from wganbench.transport.measure import measure_transport

    torch.set_flush_denormal(False)
    torch.use_deterministic_algorithms(False)
    if file == TRANSPORT:
        with writing(run.id, "transport"):
            measure_transport(run, folder)
    elif file == FIDELITY:
        with writing(run.id, "fidelity"):
            measure_fidelity(run, folder)


def report_on_finished(params: Params, tell: Tell) -> None:
    """Write summary, verdicts and report about every planned run that is done, whoever did it.

    Raises:
        UserError: a result is damaged.
    """
    from wganbench.claims.judging.store import write_claims
    from wganbench.report.site.write import write_report
    from wganbench.report.tables.summary import write_summary

    planned = params.runs()
    done = {name: [r for r in runs if _is_done(r)] for name, runs in planned.items()}
    finished = [run for runs in done.values() for run in runs]
    write_summary(finished, RUNS, RESULTS)
    claims = write_claims(finished, params.scale, RUNS, RESULTS)
    page = write_report(params.experiments(), done, params.scale, RUNS, REPORTS, claims)
    total = sum(map(len, planned.values()))
    tell(f"{page}: {len(finished)} of the {total} runs of scale {params.scale} are in it")


def _is_done(run: Run) -> bool:
    folder = RUNS / run.id
    return not (missing_files(run, folder) or why_stale(run, folder))
