"""The summary: a row per run and seed; and the headline numbers that DVC compares by commit."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from wganbench.files import written_atomically
from wganbench.gather.load import Results, estimated, load_results
from wganbench.gather.statistics import rank_correlation
from wganbench.plan.runs import Run
from wganbench.records.run import RunRecord
from wganbench.records.summary import (
    BEST,
    COUNTS,
    CSV,
    FILE,
    FINAL,
    RANKED,
    RANKED_FID,
    SCHEMA,
    read_summary,
)
from wganbench.records.tables import write_table
from wganbench.report.style.csv_links import without_formulas

METRICS = "metrics.json"
# What generators learn: the kind of data, and the column of the floor.
LEARNED = {"w1": ("law", "floor"), "fid": ("images", "fid_floor")}
# Of the evaluations' columns those that a row is made of: each text beside them costs as much as
# all numbers when a few rows are looked at.
_READ = ["run", "seed", "iteration", "is_best", "extractor", *FINAL]
DIGITS = 6  # significant: more would show another machine's rounding as a change


def write_summary(runs: list[Run], folder: Path, results: Path) -> None:
    """Write summary.parquet, summary.csv, metrics.json and the data of DVC's plots.

    Args:
        runs: the planned runs.
        folder: the folder with the runs' folders.
        results: the folder that gets the files.

    Raises:
        UserError: a result is missing or damaged; nothing is written then.
    """
    loaded = load_results(runs, folder)
    write_table(summary_rows(loaded), SCHEMA, results / FILE)
    summary = read_summary(results)
    with written_atomically(results / CSV) as temporary:
        without_formulas(summary).to_csv(temporary, index=False)
    write_metrics(loaded, summary, results)


def summary_rows(results: Results) -> Iterator[dict[str, Any]]:
    """Yield one row per run and seed."""
    ok = results.evaluations.loc[results.evaluations["ok"], _READ]
    histories = dict(iter(ok.groupby(["run", "seed"])))
    for run_id, record in results.records.items():
        for seed in record.seeds:
            yield {
                **_described(results.runs[run_id], record),
                "seed": seed.seed,
                "status": seed.status,
                "diverged_at": seed.diverged_at,
                **_outcome(histories.get((run_id, seed.seed))),
            }


def _described(run: Run, record: RunRecord) -> dict[str, Any]:
    return {
        "id": run.id,
        "experiment": run.experiment,
        "name": run.name,
        "scale": run.scale,
        "method": run.configuration.method,
        "data": run.configuration.data.id,
        "seconds": record.timings.total,
        "per_iteration": record.timings.per_iteration,
        "device": record.provenance.device_name,
        "digest": run.digest,
        "code_digest": record.provenance.code_digest,
    }


def _outcome(history: pd.DataFrame | None) -> dict[str, Any]:
    """Return a seed's last values and rank correlations, from its evaluation points."""
    if history is None:
        return {}
    last: dict[Any, Any] = history.iloc[int(history["iteration"].argmax())].to_dict()
    values = {name: None if pd.isna(last[name]) else float(last[name]) for name in FINAL}
    counts = {name: None if values[name] is None else int(last[name]) for name in COUNTS}
    ranks = {n: rank_correlation(history[c], history["w1"]) for n, (c, _) in RANKED.items()}
    return values | counts | ranks | _of_images(history, last)


def _of_images(history: pd.DataFrame, last: Mapping[str, Any]) -> dict[str, Any]:
    best = history[history["is_best"] == 1]
    if best.empty:
        return {}
    return {
        **{name: float(best[column].iloc[0]) for name, (column, _) in BEST.items()},
        RANKED_FID: rank_correlation(estimated(history), history["fid"]),
        "extractor": last["extractor"],
    }


def write_metrics(results: Results, summary: pd.DataFrame, folder: Path) -> None:
    """Write metrics.json, plots/w1.csv and plots/fid.csv."""
    with written_atomically(folder / METRICS) as temporary:
        text = json.dumps(metrics(results, summary), indent=2, allow_nan=False)
        temporary.write_text(text + "\n", encoding="utf-8")
    for name, (kind, floor) in LEARNED.items():
        with written_atomically(folder / f"plots/{name}.csv") as temporary:
            table = _along_training(results.compared.where(kind=kind).evaluations, name, floor)
            table.to_csv(temporary, index=False)


def metrics(results: Results, summary: pd.DataFrame) -> dict[str, Any]:
    """Return the headline numbers: how many runs, W1 of each law that a generator learned, and FID.

    Each mean over seeds stands beside its standard deviation over seeds and the floor.
    """
    diverged = summary["status"] != "ok"
    counts = {"runs": summary["id"].nunique(), "replicas": len(summary), "diverged": diverged.sum()}
    return {
        "count": {name: int(n) for name, n in counts.items()},
        **{
            name: _headlines(summary[~diverged], results.where(kind=kind).runs, name, floor)
            for name, (kind, floor) in LEARNED.items()
        },
    }


def _headlines(ok: pd.DataFrame, runs: Mapping[str, Run], name: str, floor: str) -> dict[str, Any]:
    headlines: dict[str, Any] = {}
    measured = dict(iter(ok[ok[name].notna()].groupby("id")))
    for run_id, run in runs.items():
        if run_id in measured:
            seeds = measured[run_id]
            headlines.setdefault(run.experiment, {})[_stable_name(run)] = {
                "mean": _rounded(seeds[name].mean()),
                "sd": _rounded(seeds[name].std()) if len(seeds) > 1 else None,
                "floor": _rounded(seeds[floor].mean()) if seeds[floor].notna().any() else None,
            }
    return headlines


def _along_training(evaluations: pd.DataFrame, name: str, floor: str) -> pd.DataFrame:
    """Return a quantity over its floor at each evaluation point, mean and spread over seeds."""
    over = f"{name}_over_floor"
    ok = evaluations[evaluations["ok"]]
    ratio = ok.assign(
        ratio=ok[name] / ok[floor],
        panel=ok["experiment"] + ": " + ok["data_id"],
        # The labels of images leave architectures out.
        label=ok["label"].where(ok["kind"] != "images", ok["label"] + ", " + ok["architecture"]),
    ).dropna(subset=["ratio"])
    groups = ratio.groupby(["panel", "label", "run", "iteration"], sort=False)["ratio"]
    table = groups.agg(["mean", "std"]).reset_index()
    table = table.rename(columns={"mean": over, "std": "sd"})
    return table.drop(columns="run").round({over: DIGITS, "sd": DIGITS})


def _stable_name(run: Run) -> str:
    """Return a run's name without its digest: the same at two commits that differ in a setting."""
    return run.name.rpartition("-")[0]


def _rounded(value: float) -> float:
    return float(f"{value:.{DIGITS}g}")
