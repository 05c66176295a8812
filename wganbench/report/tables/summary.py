"""The summary of all runs: from results to a row per run and seed."""

from collections.abc import Iterator
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
from wganbench.report.tables.metrics import write_metrics


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
        summary.to_csv(temporary, index=False)
    write_metrics(loaded, summary, results)


def summary_rows(results: Results) -> Iterator[dict[str, Any]]:
    """Yield one row per run and seed."""
    ok = results.evaluations[results.evaluations["ok"]]
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
    last = history.sort_values("iteration").iloc[-1]
    values = {name: None if pd.isna(last[name]) else float(last[name]) for name in FINAL}
    counts = {name: None if values[name] is None else int(last[name]) for name in COUNTS}
    ranks = {n: rank_correlation(history[c], history["w1"]) for n, (c, _) in RANKED.items()}
    return values | counts | ranks | _of_images(history, last)


def _of_images(history: pd.DataFrame, last: pd.Series) -> dict[str, Any]:
    best = history[history["is_best"] == 1]
    if best.empty:
        return {}
    return {
        **{name: float(best[column].iloc[0]) for name, (column, _) in BEST.items()},
        RANKED_FID: rank_correlation(estimated(history), history["fid"]),
        "extractor": last["extractor"],
    }
