"""What the runs took: hours on each device, energy where it tells, memory and disk."""

from collections.abc import Iterable
from math import isnan

from rich.filesize import decimal

from wganbench.gather.load import Results
from wganbench.records.run import RunRecord
from wganbench.report.style.blocks import Cell, Table, TableRow, tabulated
from wganbench.report.style.wording import NOTHING, listed

HOUR = 3600  # seconds
KWH = 3.6e6  # joules
MIB = 2**20


def cost_table(results: Results, name: str) -> Table:
    """Return a row for each experiment and device, the longest first."""
    of: dict[tuple[str, str], list[RunRecord]] = {}
    for record in results.records.values():
        of.setdefault((record.experiment, _hardware(record)), []).append(record)
    longest = sorted(of.items(), key=lambda item: -_seconds(item[1]))
    whole = _seconds(results.records.values())
    rows: list[TableRow] = [
        {
            "experiment": experiment,
            "on": hardware,
            "runs": _count(len(records)),
            "seeds": _count(sum(len(record.seeds) for record in records)),
            "hours": _hours(records),
            "of all": Cell(f"{_seconds(records) / whole:.1%}", _seconds(records)),
            "kWh": _energy(records),
            "peak memory": _size(max(r.timings.peak_memory_mib for r in records) * MIB),
            "files": _size(_bytes(results, records)),
        }
        for (experiment, hardware), records in longest
    ]
    return tabulated(name, "What the trainings took", _caption(results), rows)


def _caption(results: Results) -> str:
    of: dict[str, list[RunRecord]] = {}
    for record in results.records.values():
        of.setdefault(_hardware(record), []).append(record)
    totals = [f"{_hours(records).text} hours on {device}" for device, records in of.items()]
    return (
        f"In all {listed(totals)}, and {_size(_bytes(results, results.records.values())).text} of "
        "files. From each run's record: hours of one core (cpu) or one GPU (cuda) in training and "
        "evaluation, without distances, fidelity and this report; seeds of a run are trained side "
        "by side. kWh are by a GPU's own counter, with all that ran on it; a processor has none "
        "for one core."
    )


def _hardware(record: RunRecord) -> str:
    return f"{record.provenance.device}: {record.provenance.device_name}"


def _seconds(records: Iterable[RunRecord]) -> float:
    return sum(record.timings.total for record in records)


def _hours(records: Iterable[RunRecord]) -> Cell:
    hours = _seconds(records) / HOUR
    return Cell(f"{hours:,.2f}" if hours >= 1 else f"{hours:.2g}", hours)


def _energy(records: Iterable[RunRecord]) -> Cell:
    joules = sum(record.timings.watts * record.timings.total for record in records)
    return Cell(NOTHING) if isnan(joules) else Cell(f"{joules / KWH:.3g}", joules)


def _bytes(results: Results, records: Iterable[RunRecord]) -> int:
    folders = (results.folder / record.id for record in records)
    return sum(file.stat().st_size for folder in folders for file in folder.iterdir())


def _size(size: float) -> Cell:
    return Cell(decimal(int(size)), size)


def _count(n: int) -> Cell:
    return Cell(f"{n:,}", n)
