"""What a scale will take: hours on each device that finished runs were timed on, and disk."""

import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from math import isnan
from pathlib import Path

from rich.table import Table

from wganbench.console import plain_table, wide_console
from wganbench.operations.rates import CLOSE, Rate, Rates, Timed, timed_runs
from wganbench.operations.sizes import Sizes
from wganbench.plan.runs import Run
from wganbench.records.run import HOUR, KWH, Timings

SHOWN_SOURCES = 3  # ids of the runs that a rate is from; the rest is counted


@dataclass(frozen=True)
class Hours:
    """What an experiment's training takes on a device, as far as rates are known there."""

    experiment: str
    runs: int
    hours: float
    energy: float
    """kWh; NaN if it is not known of all runs that `hours` has."""
    unknown: int
    """Runs without a measured rate, which `hours` leaves out."""
    rates: tuple[Rate, ...]


def hours(planned: Mapping[str, list[Run]], timed: list[tuple[Run, Timings]]) -> list[Hours]:
    """Return each experiment's hours by the rates of runs that did the same work."""
    rates, found = Rates(timed), []
    for name, runs in planned.items():
        known = [(run, rate) for run in runs if (rate := rates.rate(run, CLOSE))]
        seconds = sum(rate.seconds_of(run) for run, rate in known)
        joules = sum(rate.seconds_of(run) * rate.watts for run, rate in known)
        sources = tuple(dict.fromkeys(rate for _, rate in known))
        unknown = len(runs) - len(known)
        found.append(Hours(name, len(runs), seconds / HOUR, joules / KWH, unknown, sources))
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
        columns: dict[str, Callable[[Hours], str]] = {
            "experiment": lambda h: h.experiment,
            "runs": lambda h: str(h.runs),
            f"{unit} hours": lambda h: _number(h.hours),
            "kWh": lambda h: "" if isnan(h.energy) else _number(h.energy),
            "no measured rate": lambda h: str(h.unknown or ""),
            "rates from": lambda h: _sources(h.rates),
        }
        if all(isnan(h.energy) for h in known):
            del columns["kWh"]
        rows = ([text(h) for text in columns.values()] for h in known)
        yield plain_table(columns, rows, texts=("experiment", "rates from"))
    if unknown := [h.experiment for h in taken if h.unknown == h.runs]:
        yield f"no measured rate here: {', '.join(unknown)}"
    left = sum(h.unknown for h in taken)
    beside = f", and {left} runs without a measured rate" if left else ""
    if known:
        energy = sum(h.energy for h in known)
        drawn = "" if isnan(energy) else f" and {_number(energy)} kWh"
        yield f"in all {_number(sum(h.hours for h in known))} {unit} hours{drawn}{beside}"


def _number(value: float) -> str:
    return f"{value:,.2f}" if value >= 0.1 else f"{value:.4f}"


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
    from rich.filesize import decimal

    total, sizes = Counter[str](), Sizes()
    for run in runs:
        total.update(sizes.files(run))
    parts = ", ".join(f"{file} {decimal(size)}" for file, size in total.items())
    return f"about {decimal(sum(total.values()))} of results ({parts}); data sets come on top"
