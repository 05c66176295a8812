"""What a scale will take: hours on each device that finished runs were timed on, and disk."""

import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from rich.table import Table

from wganbench.compare.recorded import recorded_run
from wganbench.console import plain_table, wide_console
from wganbench.errors import UserError
from wganbench.operations.freshness import folders
from wganbench.operations.rates import CLOSE, Rate, Rates
from wganbench.operations.sizes import Sizes
from wganbench.plan.runs import Run
from wganbench.records.run import Timings

SHOWN_SOURCES = 3  # ids of the runs that a rate is from; the rest is counted
Timed = dict[tuple[str, str], list[tuple[Run, Timings]]]


@dataclass(frozen=True)
class Hours:
    """What an experiment's training takes on a device, as far as rates are known there."""

    experiment: str
    runs: int
    hours: float
    unknown: int
    """Runs without a measured rate, which `hours` leaves out."""
    rates: tuple[Rate, ...]


def timed_runs(results: Path) -> Timed:
    """Return every finished run, planned or not, by kind and name of the device it was timed on.

    Those whose record this wganbench cannot read are left out.
    """
    found: Timed = defaultdict(list)
    for folder in folders(results):
        try:
            run, record = recorded_run(folder)
        except UserError:
            continue
        made = record.provenance
        found[made.device, made.device_name].append((run, record.timings))
    return found


def hours(planned: Mapping[str, list[Run]], timed: list[tuple[Run, Timings]]) -> list[Hours]:
    """Return each experiment's hours by the rates of runs that did the same work."""
    rates, found = Rates(timed), []
    for name, runs in planned.items():
        known = [(run, rate) for run in runs if (rate := rates.rate(run, CLOSE))]
        seconds = sum(rate.seconds_of(run) for run, rate in known)
        sources = tuple(dict.fromkeys(rate for _, rate in known))
        found.append(Hours(name, len(runs), seconds / 3600, len(runs) - len(known), sources))
    return found


def print_estimate(
    planned: Mapping[str, list[Run]], scale: str, results: Path, *, measure: bool = False
) -> None:
    """Print runs, hours by device with the runs that the rates are from, and disk.

    With `measure` rates are timed here, now, each run's on its device; else they are those of
    finished runs.
    """
    console = wide_console()
    runs = [run for listed in planned.values() for run in listed]
    timed = _timed_now(runs) if measure else timed_runs(results)
    for line in _lines(planned, scale, timed, results):
        console.print(line, markup=False, soft_wrap=isinstance(line, str))


def _timed_now(runs: list[Run]) -> Timed:
    """Time each kind of training; what cannot be timed is said on standard error."""
    from wganbench.operations.timing import timed_here
    from wganbench.training.provenance import provenance

    found: dict[str, list[tuple[Run, Timings]]] = defaultdict(list)
    for run, timings in timed_here(runs):
        if isinstance(timings, str):
            sys.stderr.write(f"{run.id}: is not timed: {timings}\n")
        else:
            found[run.device].append((run, timings))
            sys.stderr.write(f"{run.id}: {timings.per_iteration * 1000:.3g} ms an iteration\n")
    names = {device: provenance(device, "", "").device_name for device in found}
    return {(device, names[device]): timed for device, timed in found.items()}


def _lines(
    planned: Mapping[str, list[Run]], scale: str, timed: Timed, results: Path
) -> Iterator[str | Table]:
    runs = [run for listed in planned.values() for run in listed]
    replicas = sum(len(run.seeds) for run in runs)
    yield f"scale {scale}: {len(runs)} runs, {replicas} replicas (run x seed)"
    if not timed:
        yield (
            f"time: no measured rate, as no run is finished in {results}/; --measure times a few "
            "iterations of each kind now"
        )
    for (device, name), finished in timed.items():
        unit = "GPU" if device == "cuda" else "core"
        yield f"\ntraining and evaluation on {name} ({device}), in {unit} hours:"
        yield from _table(hours(planned, finished), unit)
    yield f"\ndisk: {_disk(runs)}"


def _table(taken: list[Hours], unit: str) -> Iterator[str | Table]:
    if known := [h for h in taken if h.unknown < h.runs]:
        headings = ("experiment", "runs", f"{unit} hours", "no measured rate", "rates from")
        rows = (
            (h.experiment, str(h.runs), _number(h.hours), str(h.unknown or ""), _sources(h.rates))
            for h in known
        )
        yield plain_table(headings, rows, texts=("experiment", "rates from"))
    if unknown := [h.experiment for h in taken if h.unknown == h.runs]:
        yield f"no measured rate here: {', '.join(unknown)}"
    left = sum(h.unknown for h in taken)
    beside = f", and {left} runs without a measured rate" if left else ""
    if known:
        yield f"in all {_number(sum(h.hours for h in known))} {unit} hours{beside}"


def _number(hours_taken: float) -> str:
    return f"{hours_taken:,.2f}" if hours_taken >= 0.1 else f"{hours_taken:.4f}"


def _sources(rates: Iterable[Rate]) -> str:
    """Return the likeness of the runs that rates are from, and some of their ids."""
    by_likeness: dict[str, dict[str, None]] = defaultdict(dict)
    for rate in rates:
        by_likeness[rate.likeness] |= dict.fromkeys(rate.runs)
    return "; ".join(
        f"{likeness}: {', '.join(list(ids)[:SHOWN_SOURCES])}"
        + (f" and {len(ids) - SHOWN_SOURCES} more" if len(ids) > SHOWN_SOURCES else "")
        for likeness, ids in by_likeness.items()
    )


def _disk(runs: list[Run]) -> str:
    total, sizes = Counter[str](), Sizes()
    for run in runs:
        total.update(sizes.files(run))
    parts = ", ".join(f"{file} {_size(size)}" for file, size in total.items())
    return f"about {_size(sum(total.values()))} of results ({parts}); data sets come on top"


def _size(count: float) -> str:
    for unit in ("B", "kB", "MB", "GB"):
        if count < 1000:
            return f"{count:.3g} {unit}"
        count /= 1000
    return f"{count:.3g} TB"
