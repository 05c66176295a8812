"""What DVC compares between two commits: `metrics.json` and `plots/`, small and in git."""

import json
from pathlib import Path
from typing import Any

import pandas as pd

from wganbench.files import written_atomically
from wganbench.gather.load import Results
from wganbench.plan.runs import Run

METRICS = "metrics.json"
W1 = "plots/w1.csv"
FID = "plots/fid.csv"
DIGITS = 6  # significant: more would show another machine's rounding as a change


def write_metrics(results: Results, summary: pd.DataFrame, folder: Path) -> None:
    """Write metrics.json, plots/w1.csv and plots/fid.csv."""
    with written_atomically(folder / METRICS) as temporary:
        text = json.dumps(metrics(results, summary), indent=2, allow_nan=False)
        temporary.write_text(text + "\n", encoding="utf-8")
    with written_atomically(folder / W1) as temporary:
        _along_training(results, _laws(results), "w1", "floor").to_csv(temporary, index=False)
    with written_atomically(folder / FID) as temporary:
        _along_training(results, _images(results), "fid", "fid_floor").to_csv(
            temporary, index=False
        )


def metrics(results: Results, summary: pd.DataFrame) -> dict[str, Any]:
    """Return the headline numbers: how many runs, W1 of each law that a generator learned, and FID.

    Each mean over seeds stands beside its standard deviation over seeds and the floor.
    """
    diverged = summary["status"] != "ok"
    counts = {"runs": summary["id"].nunique(), "replicas": len(summary), "diverged": diverged.sum()}
    ok = summary[~diverged]
    return {
        "count": {name: int(n) for name, n in counts.items()},
        "w1": _headlines(ok, _laws(results), "w1", "floor"),
        "fid": _headlines(ok, _images(results), "fid", "fid_floor"),
    }


def _headlines(ok: pd.DataFrame, runs: dict[str, Run], name: str, floor: str) -> dict[str, Any]:
    headlines: dict[str, Any] = {}
    for run_id, run in runs.items():
        seeds = ok[(ok["id"] == run_id) & ok[name].notna()]
        if len(seeds):
            headlines.setdefault(run.experiment, {})[_stable_name(run)] = {
                "mean": _rounded(seeds[name].mean()),
                "sd": _rounded(seeds[name].std()) if len(seeds) > 1 else None,
                "floor": _rounded(seeds[floor].mean()) if seeds[floor].notna().any() else None,
            }
    return headlines


def _along_training(results: Results, runs: dict[str, Run], name: str, floor: str) -> pd.DataFrame:
    """Return a quantity over its floor at each evaluation point, mean and spread over seeds."""
    of_runs = results.evaluations[results.evaluations["run"].isin(runs.keys())]
    ok = of_runs[of_runs["ok"]]
    ratio = ok.assign(ratio=ok[name] / ok[floor]).dropna(subset=["ratio"])
    ratio["panel"] = ratio["experiment"] + ": " + ratio["data_id"]
    is_images = ratio["kind"] == "images"  # whose labels leave architectures out
    ratio["label"] = ratio["label"].where(~is_images, ratio["label"] + ", " + ratio["architecture"])
    keys = ["panel", "label", "run", "iteration"]
    table = ratio.groupby(keys, sort=False)["ratio"].agg(["mean", "std"]).reset_index()
    over = f"{name}_over_floor"
    table = table.rename(columns={"mean": over, "std": "sd"})
    return table.drop(columns="run").round({over: DIGITS, "sd": DIGITS})


def _laws(results: Results) -> dict[str, Run]:
    """Return the runs in which a generator learns a law, whose W1 is a result."""
    return {i: run for i, run in results.runs.items() if run.configuration.data.kind == "law"}


def _images(results: Results) -> dict[str, Run]:
    """Return the runs in which a generator learns images."""
    return {i: run for i, run in results.runs.items() if run.configuration.data.kind == "images"}


def _stable_name(run: Run) -> str:
    """Return a run's name without its digest: the same at two commits that differ in a setting."""
    return run.name.rpartition("-")[0]


def _rounded(value: float) -> float:
    return float(f"{value:.{DIGITS}g}")
