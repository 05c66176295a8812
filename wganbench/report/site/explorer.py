"""The run explorer: every run with what it was and ended at; a row unfolds to all that made it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from wganbench.gather.labels import architecture, method_label
from wganbench.gather.load import Results
from wganbench.plan.runs import Run
from wganbench.records.run import RunRecord
from wganbench.report.site.anchors import run_anchor
from wganbench.report.site.explorer_details import LOGS, TERMS, details, hardware
from wganbench.report.style.blocks import Cell, Table
from wganbench.report.style.csv_links import Download, csv_of
from wganbench.report.style.wording import NOTHING, number

COLUMNS = (
    "run",
    "method",
    "data",
    "W1 / floor",
    "estimate / W1",
    "FID / floor",
    "seeds",
    "iterations",
    "grid point",
    "architecture",
    "seconds",
    "ms per iteration",
    "hardware",
)
FACETS = ("experiment", "method", "data", "status")
MEASURED = ["w1", "floor", "normalised", "divergence_heldout", "fid", "fid_floor"]
# Of those columns, what is divided by what.
RATIOS = {
    "W1 / floor": ("w1", "floor"),
    "estimate / W1": ("normalised", "w1"),
    "FID / floor": ("fid", "fid_floor"),
}
CAPTION = (
    "Ratios are of means, over the seeds that did not diverge, at their last evaluation point: "
    "exact W1 over its floor (the W1 of two samples of the law); the held-out estimate of critics "
    "whose objective is a distance, divided by their largest gradient norm, over exact W1; and FID "
    "over that of training images. Seconds are wall-clock for all seeds of a run together, "
    "evaluation included; milliseconds per iteration are training alone."
)


@dataclass(frozen=True)
class Row:
    """One run: its cells, and by what links and facets find it."""

    anchor: str
    facets: Mapping[str, str]
    cells: Sequence[Cell]


@dataclass(frozen=True, kw_only=True)
class Explorer(Table):
    """A table of runs that its reader sorts, filters and unfolds."""

    runs: Sequence[Row]
    details: Mapping[str, Any]
    """What rows unfold to; each text stands there once, and rows name it by its place."""
    csv: Download
    """The table with plain numbers."""
    template = "explorer"

    @property
    def facets(self) -> dict[str, list[str]]:
        """Return each facet's values, sorted."""
        return {name: sorted({row.facets[name] for row in self.runs}) for name in FACETS}


def run_explorer(results: Results, name: str, logs: Path = LOGS) -> Explorer:
    """Return one row per run; `logs` is the folder with the logs of training."""
    ends = _ends(results)
    told = {
        run_id: _told(results.runs[run_id], record, ends.get(run_id, {}))
        for run_id, record in results.records.items()
    }
    rows = [
        _row(results.runs[run_id], record, told[run_id])
        for run_id, record in results.records.items()
    ]
    return Explorer(
        name=name,
        title="All runs",
        caption=CAPTION,
        columns=COLUMNS,
        rows=[row.cells for row in rows],
        runs=rows,
        details=_pooled(results, logs),
        csv=csv_of(pd.DataFrame(told.values()), name),
    )


def _ends(results: Results) -> dict[str, dict[str, float]]:
    """Return each run's means, over seeds, of what is measured at the last evaluation point."""
    ok = results.evaluations[results.evaluations["ok"]].sort_values("iteration")
    last = ok.groupby(["run", "seed"])[MEASURED].nth(-1)
    means = last.groupby(ok.loc[last.index, "run"]).mean()
    return {str(run): dict(row) for run, row in means.iterrows()}


def _told(run: Run, record: RunRecord, ends: Mapping[str, float]) -> dict[str, Any]:
    """Return what the row says as plain values."""
    ok, all_seeds = len(record.ok_seeds()), len(record.seeds)
    ratios = {name: _ratio(ends, *pair) for name, pair in RATIOS.items()}
    if run.configuration.data.kind == "pair":
        ratios["W1 / floor"] = None  # nothing is generated there
    if _known(ends.get("divergence_heldout")) is not None:
        ratios["estimate / W1"] = None  # this critic's objective estimates no distance
    made = record.provenance
    return {
        "run": run.id,
        "experiment": run.experiment,
        "scale": run.scale,
        "method": method_label(run.configuration),
        "data": run.configuration.data.name,
        "architecture": architecture(run),
        "grid point": _point(run),
        "iterations": run.configuration.iterations,
        "seeds": all_seeds,
        "seeds ok": ok,
        "status": "ok" if ok == all_seeds else "some diverged" if ok else "all diverged",
        **ratios,
        **{f"final {name}": _known(ends.get(name)) for name in MEASURED},
        "seconds": record.timings.total,
        "ms per iteration": 1000 * record.timings.per_iteration,
        "hardware": hardware(made),
        "code digest": made.code_digest,
        "git commit": made.git_commit,
        "data sha256": made.data_sha256,
    }


def _row(run: Run, record: RunRecord, told: Mapping[str, Any]) -> Row:
    ok, all_seeds = told["seeds ok"], told["seeds"]
    shown = {
        "run": Cell(run.id, code=True),
        "iterations": Cell(f"{told['iterations']:,}", told["iterations"]),
        "seeds": Cell(f"{ok} of {all_seeds} ok", ok),
        **{name: _measured(told, name) for name in RATIOS},
        "seconds": Cell(f"{told['seconds']:.1f}", told["seconds"]),
        "ms per iteration": Cell(number(told["ms per iteration"]), told["ms per iteration"]),
    }
    return Row(
        anchor=run_anchor(run.id),
        facets={name: told[name] for name in FACETS},
        cells=[shown.get(name, Cell(str(told[name]))) for name in COLUMNS],
    )


def _measured(told: Mapping[str, Any], name: str) -> Cell:
    ratio = told[name]
    if ratio is None:
        return Cell(NOTHING)
    above, below = (number(told[f"final {part}"]) for part in RATIOS[name])
    return Cell(f"{number(ratio)} ({above} / {below})", ratio)


def _ratio(ends: Mapping[str, float], above: str, below: str) -> float | None:
    divisor = ends.get(below)
    return _known(ends[above] / divisor) if divisor else None


def _known(value: float | None) -> float | None:
    return None if value is None or pd.isna(value) else float(value)


def _point(run: Run) -> str:
    """Return the point but for what the columns beside it say."""
    said = ("method", "data.name", "constraint.clip_value")
    shown = {k: v for k, v in run.point.items() if k not in said and v != ""}
    return ", ".join(f"{k.removesuffix('.name').replace('.', ' ')} {v}" for k, v in shown.items())


def _pooled(results: Results, logs: Path) -> dict[str, Any]:
    texts: dict[str, int] = {}
    rows = {
        run_anchor(run_id): [
            texts.setdefault(text, len(texts))
            for text in details(results.runs[run_id], record, logs).values()
        ]
        for run_id, record in results.records.items()
    }
    return {"terms": list(TERMS.items()), "texts": list(texts), "rows": rows}
