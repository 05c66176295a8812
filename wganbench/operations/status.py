"""Where every run stands. Reads only: no file is made, changed or waited for."""

import json
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from rich.table import Table

from wganbench.console import plain_table, printable, wide_console
from wganbench.locks import LOCKS, is_written
from wganbench.operations import slurm
from wganbench.operations.freshness import folders, missing_files, stale_measurements, why_stale
from wganbench.operations.rates import Rates
from wganbench.plan.runs import Run
from wganbench.plan.steps import TRAIN
from wganbench.records.layout import RECORD
from wganbench.records.run import read_record

LOGS = Path("logs")
LOG_END = 65_536  # bytes of a log that are looked at
STATES = ("done", "to measure", "running", "queued", "failed", "stale", "to do", "off-grid")
_STOPPED = re.compile(r"wganbench: SIG\w+: stopped after")
_ITERATION = re.compile(r"iteration (\d+)/(\d+)")


@dataclass(frozen=True)
class Status:
    """One run's state, a note on it, and the seconds of training that it still needs."""

    run: str
    state: str
    note: str = ""
    seconds_left: float | None = 0.0


def statuses(
    runs: list[Run],
    results: Path,
    logs: Path = LOGS,
    locks: Path = LOCKS,
    queued: dict[str, str] | None = None,
    spared: Iterable[str] = (),
) -> list[Status]:
    """Return the status of every planned run, and of every folder that no plan asks for.

    `queued` has what waits in a cluster's queue: state by run id. `spared` are runs that a plan
    asks for if another setting is chosen.
    """
    trained = [run for run in runs if (results / run.id / RECORD).exists()]
    stale = {run.id: why_stale(run, results / run.id) for run in trained}
    fresh = [run for run in trained if not stale[run.id]]
    rates = Rates((run, read_record(results / run.id / RECORD).timings) for run in fresh)
    found = [
        _trained(run, results / run.id, rates, locks)
        if stale.get(run.id) == ""
        else _untrained(run, stale.get(run.id, ""), rates, logs, locks, queued or {})
        for run in runs
    ]
    planned = {run.id for run in runs} | {*spared}
    there = [folder.relative_to(results).as_posix() for folder in folders(results)]
    return [*found, *(Status(printable(name), "off-grid") for name in there if name not in planned)]


def status_of(run: Run, results: Path, logs: Path = LOGS, locks: Path = LOCKS) -> Status:
    """Return the status of one run alone; how long it takes is not known without others."""
    folder, rates = results / run.id, Rates([])
    stale = why_stale(run, folder) if (folder / RECORD).exists() else None
    if stale == "":
        return _trained(run, folder, rates, locks)
    return _untrained(run, stale or "", rates, logs, locks, {})


def logged(run: Run, logs: Path = LOGS) -> int:
    """Return the last iteration that a training has logged, 0 if none."""
    found = _ITERATION.search(_last_line(logs / TRAIN.name / f"{run.id}.log"))
    return int(found[1]) if found else 0


def _trained(run: Run, folder: Path, rates: Rates, locks: Path) -> Status:
    for step in TRAIN.locks:
        if holder := is_written(run.id, step, locks):
            return Status(run.id, "running", f"{step}: {holder}")
    for file, reason in stale_measurements(run, folder).items():
        return Status(run.id, "to measure", f"{file}: {reason}")
    missing = missing_files(run, folder)
    if lost := [file for file in missing if file in TRAIN.files]:
        return Status(run.id, "to do", f"{', '.join(lost)} missing", rates.seconds(run))
    if missing:
        return Status(run.id, "to measure", f"{', '.join(missing)} missing")
    return Status(run.id, "done")


def _untrained(
    run: Run, stale: str, rates: Rates, logs: Path, locks: Path, queued: dict[str, str]
) -> Status:
    seconds = rates.seconds(run)
    last = _last_line(logs / TRAIN.name / f"{run.id}.log")
    progress = _ITERATION.search(last)
    if holder := is_written(run.id, TRAIN.name, locks):
        share = int(progress[1]) / int(progress[2]) if progress else 0.0
        left = None if seconds is None else seconds * (1 - share)
        return Status(run.id, "running", f"{holder}, {share:.0%} of its iterations", left)
    if run.id in queued:
        return Status(run.id, "queued", queued[run.id], seconds)
    if stale:
        return Status(run.id, "stale", stale, seconds)
    if _STOPPED.match(last):
        return Status(run.id, "to do", last.removeprefix("wganbench: "), seconds)
    if progress or (last and not last.startswith(f"{run.id}: ")):
        return Status(run.id, "failed", last, seconds)
    return Status(run.id, "to do", "", seconds)


def _last_line(log: Path) -> str:
    """Return a log's last line; of what is no file, or as long as no log is, nothing or its end."""
    try:
        if not log.is_file():
            return ""
        with log.open("rb") as file:
            file.seek(max(0, log.stat().st_size - LOG_END))
            end = file.read(LOG_END).decode("utf-8", errors="replace")
    except OSError:
        return ""
    return printable(
        next((line.strip() for line in reversed(end.splitlines()) if line.strip()), "")
    )


def queued_runs(folder: Path) -> dict[str, str]:
    """Return what waits or runs in Slurm for this folder, by run; nothing without a Slurm."""
    jobs = slurm.jobs_of(folder)
    return {job.run: f"Slurm job {job.id}, {job.state.lower()}" for job in jobs if job.run}


def print_statuses(found: Iterable[Status], scale: str) -> None:
    """Print how many runs are in each state, which are in an odd one, and what is left to do."""
    found = list(found)
    console = wide_console()
    console.print(_counts(found))
    for status in found:
        if status.state not in ("done", "to do"):
            note = f": {status.note}" if status.note else ""
            console.print(f"{status.state}: {status.run}{note}", markup=False, soft_wrap=True)
    planned = [s for s in found if s.state != "off-grid"]
    console.print(f"\nscale {scale}: {len(planned)} runs; {_left(planned)}")


def _counts(found: list[Status]) -> Table:
    shown = [state for state in STATES if any(s.state == state for s in found)]
    counts = Counter((status.run.partition("/")[0], status.state) for status in found)
    rows = (
        (experiment, *(str(counts[experiment, state] or "") for state in shown))
        for experiment in dict.fromkeys(experiment for experiment, _ in counts)
    )
    return plain_table(("experiment", *shown), rows, texts={"experiment"})


def _left(planned: list[Status]) -> str:
    waiting = [s for s in planned if s.state not in ("done", "to measure")]
    if not waiting:
        measuring = sum(s.state == "to measure" for s in planned)
        return f"all trained, {measuring} to measure" if measuring else "all done"
    known = [s.seconds_left for s in waiting if s.seconds_left is not None]
    if not known:
        return f"{len(waiting)} to train; no finished run tells how long that takes"
    unknown = len(waiting) - len(known)
    beside = f" and {unknown} of unknown length" if unknown else ""
    return (
        f"{len(waiting)} to train: about {sum(known):,.0f} s on one core or GPU{beside}, by the "
        "rates of the finished runs"
    )


def as_json_lines(found: Iterable[Status]) -> str:
    """Return one JSON object a line."""
    return "".join(json.dumps(asdict(status)) + "\n" for status in found)
