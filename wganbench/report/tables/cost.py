"""What the runs took: hours on each device, energy where it tells, memory and disk."""

from pathlib import Path

import pandas as pd
from rich.filesize import decimal

from wganbench.gather.load import Results
from wganbench.plan.runs import Run
from wganbench.plan.steps import files_of
from wganbench.records.run import HOUR, KWH
from wganbench.report.style.blocks import Cell, Table, TableRow, tabulated
from wganbench.report.style.wording import NOTHING, listed

MIB = 2**20


def cost_table(results: Results, name: str) -> Table:
    """Return a row for each experiment and device, the longest first."""
    spent = _spent(results)
    parts = spent.groupby(["experiment", "on"], sort=False)
    whole = spent["seconds"].sum()
    rows: list[TableRow] = [
        {
            "experiment": str(experiment),
            "on": str(hardware),
            "runs": _count(len(part)),
            "seeds": _count(int(part["seeds"].sum())),
            "hours": _hours(part["seconds"].sum()),
            "of all": Cell(f"{part['seconds'].sum() / whole:.1%}", part["seconds"].sum()),
            "kWh": _energy(part["joules"].sum(skipna=False)),
            "peak memory": _size(part["memory"].max()),
            "files": _size(part["bytes"].sum()),
        }
        for (experiment, hardware), part in sorted(
            parts, key=lambda kept: -kept[1]["seconds"].sum()
        )
    ]
    return tabulated(name, "What the trainings took", _caption(spent), rows)


def _spent(results: Results) -> pd.DataFrame:
    """Return a row for each run: seconds, joules (NaN where the device did not tell), bytes."""
    return pd.DataFrame(
        {
            "experiment": record.experiment,
            "on": record.provenance.hardware,
            "seeds": len(record.seeds),
            "seconds": record.timings.total,
            "joules": record.timings.watts * record.timings.total,
            "memory": record.timings.peak_memory_mib * MIB,
            "bytes": _bytes(results.folder / run_id, run),
        }
        for run_id, run in results.runs.items()
        for record in [results.records[run_id]]
    )


def _bytes(folder: Path, run: Run) -> int:
    """Return the bytes of a run's files: of those that no figure needs some may be gone."""
    paths = (folder / file for file in files_of(run))
    return sum(path.stat().st_size for path in paths if path.is_file())


def _caption(spent: pd.DataFrame) -> str:
    of_devices = spent.groupby("on", sort=False)["seconds"].sum()
    totals = [f"{_hours(seconds).text} hours on {device}" for device, seconds in of_devices.items()]
    return (
        f"In all {listed(totals)}, and {_size(spent['bytes'].sum()).text} of "
        "files. From each run's record: hours of one core (cpu) or one GPU (cuda) in training and "
        "evaluation, without distances, fidelity and this report; seeds of a run are trained side "
        "by side. kWh are by a GPU's own counter, with all that ran on it; a processor has none "
        "for one core."
    )


def _hours(seconds: float) -> Cell:
    hours = seconds / HOUR
    return Cell(f"{hours:,.2f}" if hours >= 1 else f"{hours:.2g}", hours)


def _energy(joules: float) -> Cell:
    return Cell(NOTHING) if pd.isna(joules) else Cell(f"{joules / KWH:.3g}", joules)


def _size(size: float) -> Cell:
    return Cell(decimal(int(size)), float(size))


def _count(n: int) -> Cell:
    return Cell(f"{n:,}", n)
