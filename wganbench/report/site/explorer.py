"""The run explorer: every run with what it was and ended at; a row unfolds to all that made it."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from wganbench.gather.labels import architecture, method_label
from wganbench.gather.load import Results
from wganbench.plan.run_files import run_as_yaml
from wganbench.plan.runs import Run
from wganbench.records.run import Provenance, RunRecord, SeedStatus
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
    "patches / floor",
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
MEASURED += ["patches", "patches_floor"]  # of images without labels
# Of those columns, what is divided by what.
RATIOS = {
    "W1 / floor": ("w1", "floor"),
    "estimate / W1": ("normalised", "w1"),
    "FID / floor": ("fid", "fid_floor"),
    "patches / floor": ("patches", "patches_floor"),
}
CAPTION = (
    "Ratios are of means, over the seeds that did not diverge, at their last evaluation point: "
    "exact W1 over its floor (the W1 of two samples of the law); the held-out estimate of critics "
    "whose objective is a distance, divided by their largest gradient norm, over exact W1; FID "
    "over that of training images, and for images without labels the distance of patches over that "
    "of training images. Seconds are wall-clock for all seeds of a run together, evaluation "
    "included; milliseconds per iteration are training alone. A candidate has the tuning seeds; "
    "the setting that was chosen has another run, with the other seeds."
)
LOGS = Path("logs/train")
LOG_LINES = 20
LOG_BYTES = 4_000  # of the end of a log, in which those lines are looked for


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
        return {name: sorted({row.facets[name] for row in self.runs}) for name in FACETS}


def run_explorer(results: Results, name: str, logs: Path = LOGS) -> Explorer:
    """Return one row per run; `logs` is the folder with the logs of training."""
    ends = _ends(results)
    plain = {
        run: _plain(results.runs[run], record, ends.get(run, {}))
        for run, record in results.records.items()
    }
    rows = [_row(values) for values in plain.values()]
    return Explorer(
        name=name,
        title="All runs",
        caption=CAPTION,
        columns=COLUMNS,
        rows=[row.cells for row in rows],
        runs=rows,
        details=_pooled(results, logs),
        csv=csv_of(pd.DataFrame(plain.values()), name),
    )


def _ends(results: Results) -> dict[str, dict[str, float]]:
    """Return each run's means, over seeds, of what is measured at the last evaluation point."""
    ok = results.evaluations[results.evaluations["ok"]].sort_values("iteration")
    means = ok.groupby(["run", "seed"]).tail(1).groupby("run")[MEASURED].mean()
    return {str(run): dict(row) for run, row in means.iterrows()}


def _plain(run: Run, record: RunRecord, ends: Mapping[str, float]) -> dict[str, Any]:
    ok, all_seeds = len(record.ok_seeds()), len(record.seeds)
    configuration, made = run.configuration, record.provenance
    ratios = {name: _ratio(ends, *pair) for name, pair in RATIOS.items()}
    if configuration.data.kind == "pair":
        ratios["W1 / floor"] = None  # nothing is generated there
    if configuration.objective and not configuration.objective.quantity.is_distance:
        ratios["estimate / W1"] = None
    return {
        "run": run.id,
        "experiment": run.experiment,
        "scale": run.scale,
        "method": method_label(configuration),
        "data": configuration.data.name,
        "architecture": architecture(run),
        "grid point": _point(run),
        "iterations": configuration.iterations,
        "seeds": all_seeds,
        "seeds ok": ok,
        "candidate": run.candidate,
        "status": "ok" if ok == all_seeds else "some diverged" if ok else "all diverged",
        **ratios,
        **{f"final {name}": _known(ends.get(name)) for name in MEASURED},
        "seconds": record.timings.total,
        "ms per iteration": 1000 * record.timings.per_iteration,
        "hardware": made.hardware,
        "code digest": made.code_digest,
        "git commit": made.git_commit,
        "data sha256": made.data_sha256,
    }


def _row(plain: Mapping[str, Any]) -> Row:
    shown = {
        "run": Cell(plain["run"], code=True),
        "iterations": Cell(f"{plain['iterations']:,}", plain["iterations"]),
        "seeds": Cell(
            f"{plain['seeds ok']} of {plain['seeds']} ok{', candidate' * plain['candidate']}",
            plain["seeds ok"],
        ),
        **{name: _measured(plain, name) for name in RATIOS},
        "seconds": Cell(f"{plain['seconds']:.1f}", plain["seconds"]),
        "ms per iteration": Cell(number(plain["ms per iteration"]), plain["ms per iteration"]),
    }
    return Row(
        anchor=run_anchor(plain["run"]),
        facets={name: plain[name] for name in FACETS},
        cells=[shown.get(name, Cell(str(plain[name]))) for name in COLUMNS],
    )


def _measured(plain: Mapping[str, Any], name: str) -> Cell:
    ratio = plain[name]
    if ratio is None:
        return Cell(NOTHING)
    above, below = (number(plain[f"final {part}"]) for part in RATIOS[name])
    return Cell(f"{number(ratio)} ({above} / {below})", ratio)


def _ratio(ends: Mapping[str, float], above: str, below: str) -> float | None:
    divisor = ends.get(below)
    return _known(ends[above] / divisor) if divisor else None


def _known(value: float | None) -> float | None:
    return None if value is None or pd.isna(value) else float(value)


def _point(run: Run) -> str:
    """Return the grid point without what other columns show."""
    elsewhere = ("method", "data.name", "constraint.clip_value")
    shown = {k: v for k, v in run.point.items() if k not in elsewhere and v != ""}
    return ", ".join(f"{k.removesuffix('.name').replace('.', ' ')} {v}" for k, v in shown.items())


def _pooled(results: Results, logs: Path) -> dict[str, Any]:
    texts: dict[str, int] = {}
    terms: dict[tuple[str, str], None] = {}
    rows: dict[str, list[int]] = {}
    for run_id, record in results.records.items():
        parts = details(results.runs[run_id], record, logs)
        terms |= dict.fromkeys((term, form) for term, form, _ in parts)
        rows[run_anchor(run_id)] = [texts.setdefault(text, len(texts)) for _, _, text in parts]
    return {"terms": list(terms), "texts": list(texts), "rows": rows}


def details(run: Run, record: RunRecord, logs: Path) -> list[tuple[str, str, str]]:
    """Return what it takes to make a run again: a term, how the page shows it, and its text."""
    made = record.provenance
    again = f"wganbench train {run.id} --scale {run.scale} --device {made.device}"
    versions = [f"python {made.python}", *(f"{n} {v}" for n, v in made.packages.items())]
    return [
        ("make it again", "code", again),
        ("from this file", "file", run_as_yaml(run)),
        ("seeds", "text", "; ".join(map(_seed, record.seeds))),
        ("timings", "text", _timings(record)),
        ("hardware", "text", _machine(made)),
        ("packages", "text", ", ".join(versions)),
        ("own plug-ins", "text", _plugins(made) or "none"),
        ("code digest", "code", made.code_digest),
        ("git commit", "code", _commit(made)),
        ("data sha256", "code", made.data_sha256),
        ("end of the training log", "lines", _end_of_log(logs / f"{run.id}.log")),
    ]


def _plugins(made: Provenance) -> str:
    return ", ".join(f"{name} {version}" for name, version in made.plugins.items())


def _seed(seed: SeedStatus) -> str:
    if seed.diverged_at is not None:
        return f"seed {seed.seed} {seed.status} at iteration {seed.diverged_at:,}"
    early = "" if seed.converged_at is None else f", stopped early at {seed.converged_at:,}"
    return f"seed {seed.seed} {seed.status}{early}"


def _timings(record: RunRecord) -> str:
    timings = record.timings
    return (
        f"{timings.total:.1f} s in all, {timings.training:.1f} s of them in training steps; "
        f"peak memory {timings.peak_memory_mib:,.0f} MiB"
    )


def _machine(made: Provenance) -> str:
    threads = "1 thread" if made.threads == 1 else f"{made.threads} threads"
    mode = "on" if made.deterministic else "off"
    return f"{made.hardware}; {threads}; {made.platform}; torch's deterministic mode {mode}"


def _commit(made: Provenance) -> str:
    if made.git_commit is None:
        return "unknown: it was trained outside a git repository"
    return made.git_commit + (" and uncommitted changes" if made.git_dirty else "")


def _end_of_log(path: Path) -> str:
    try:
        with path.open("rb") as file:
            size = file.seek(0, os.SEEK_END)
            file.seek(max(size - LOG_BYTES, 0))
            text = file.read().decode("utf-8", errors="replace")
    except OSError:
        return f"There is no {path}; Snakemake's jobs write one, `wganbench run` does not."
    lines = text.splitlines()[-LOG_LINES:]
    return "\n".join(lines) or "The log is empty."


def run_anchor(run_id: str) -> str:
    """Return the id of a run's row in the run explorer."""
    return "run-" + run_id.replace("/", "--")
