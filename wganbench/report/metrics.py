"""What DVC compares between two commits: `metrics.json` and `plots/w1.csv`, small and in git."""

import json
from pathlib import Path
from typing import Any

import pandas as pd

from wganbench.files import written_atomically
from wganbench.plan.runs import Run
from wganbench.report.load import Results

METRICS = "metrics.json"
W1 = "plots/w1.csv"
DIGITS = 6  # significant: more would show another machine's rounding as a change


def write_metrics(results: Results, summary: pd.DataFrame, folder: Path) -> None:
    """Write metrics.json and plots/w1.csv."""
    with written_atomically(folder / METRICS) as temporary:
        text = json.dumps(metrics(results, summary), indent=2, allow_nan=False)
        temporary.write_text(text + "\n", encoding="utf-8")
    with written_atomically(folder / W1) as temporary:
        _w1_along_training(results).to_csv(temporary, index=False)


def metrics(results: Results, summary: pd.DataFrame) -> dict[str, Any]:
    """Return the headline numbers: how many runs, and W1 of each law that a generator learned.

    Each mean over seeds stands beside its standard deviation over seeds and the floor.
    """
    diverged = summary["status"] != "ok"
    counts = {"runs": summary["id"].nunique(), "replicas": len(summary), "diverged": diverged.sum()}
    w1: dict[str, Any] = {}
    for run_id, run in _laws(results).items():
        seeds = summary[(summary["id"] == run_id) & ~diverged]
        if len(seeds):
            w1.setdefault(run.experiment, {})[_stable_name(run)] = {
                "mean": _rounded(seeds["w1"].mean()),
                "sd": _rounded(seeds["w1"].std()) if len(seeds) > 1 else None,
                "floor": _rounded(seeds["floor"].mean()),
            }
    return {"count": {name: int(n) for name, n in counts.items()}, "w1": w1}


def _w1_along_training(results: Results) -> pd.DataFrame:
    """Return exact W1 over the floor at each evaluation point, mean and spread over seeds."""
    laws = results.evaluations[results.evaluations["run"].isin(_laws(results).keys())]
    ok = laws[laws["ok"]]
    ratio = ok.assign(ratio=ok["w1"] / ok["floor"])
    ratio["panel"] = ratio["experiment"] + ": " + ratio["data_id"]
    keys = ["panel", "label", "run", "iteration"]
    table = ratio.groupby(keys, sort=False)["ratio"].agg(["mean", "std"]).reset_index()
    table = table.rename(columns={"mean": "w1_over_floor", "std": "sd"})
    return table.drop(columns="run").round({"w1_over_floor": DIGITS, "sd": DIGITS})


def _laws(results: Results) -> dict[str, Run]:
    """Return the runs in which a generator learns a law, whose W1 is a result."""
    return {i: run for i, run in results.runs.items() if run.configuration.data.kind == "law"}


def _stable_name(run: Run) -> str:
    """Return a run's name without its digest: the same at two commits that differ in a setting."""
    return run.name.rpartition("-")[0]


def _rounded(value: float) -> float:
    return float(f"{value:.{DIGITS}g}")
