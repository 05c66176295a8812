"""The estimator study: critics alone on fixed pairs of laws, and what each seed ended at."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from wganbench.gather.labels import method_label
from wganbench.gather.load import Results
from wganbench.plan.configuration import Configuration
from wganbench.plan.runs import Run
from wganbench.records.run import RunRecord
from wganbench.records.samples import Samples

BAND = 0.1  # "within 10%": relative to the reference
# Estimates of W1 by a critic, as columns of `ends`.
ESTIMATORS = {
    "estimate_heldout": "raw",
    "normalised": "normalised",
    "c_transform": "c-transform",
    "certified": "certified",
}
EXPLAINED = (
    "Raw: E f(real) - E f(model) on held-out samples. Normalised: raw over the largest gradient "
    "norm seen on them and their interpolates. c-transform: the critic over that norm, its half "
    "for the second law replaced by the best feasible one on the samples. Certified: raw over the "
    "product of the layers' spectral norms, for critics where that bound is had."
)
EXACT = "exact W1 of the samples"
# An axis of a grid that makes an experiment an ablation of the critic, not a comparison of methods.
ABLATIONS = (
    "constraint.clip_value",
    "constraint.penalty_weight",
    "constraint.norm_parameters",
    "constraint.sides",
    "critic.norm",
    "critic.width",
    "critic.depth",
    "train_samples",
    "variant",
)
_SETTINGS = ("label", "method", "pair", "dim", "ablated", *ABLATIONS)


def is_study(runs: Sequence[Run]) -> bool:
    """Return whether an experiment trains critics alone, none of them a discriminator."""
    return bool(runs) and all(
        run.configuration.data.kind == "pair"
        and run.configuration.objective is not None
        and run.configuration.objective.quantity.is_distance
        for run in runs
    )


def ends(results: Results) -> pd.DataFrame:
    """Return one row per run and seed that did not diverge: its last evaluation and settings.

    `truth` is the pair's W1 where that is known (`known`) and else exact W1 of the same samples.
    `seconds` are training seconds until the seed stopped, its share of its run's; `stopped`:
    whether it stopped before its budget was spent. `ablated`: the axes of `ABLATIONS` that the
    run's grid has.
    """
    table = results.evaluations[results.evaluations["ok"]].sort_values("iteration")
    replicas = table.groupby(["run", "seed"], sort=False)
    last, evaluated = replicas.tail(1).sort_values(["run", "seed"]), replicas.size().to_dict()
    # The critic on its common scale; the raw critic's c-transform is an arbitrary member's.
    last = last.assign(c_transform=last["c_transform_normalised"])
    facts = pd.DataFrame(
        [
            {"run": run_id, "seed": seed}
            | _settings(run)
            | _stop(results.records[run_id], seed, evaluated.get((run_id, seed), 0))
            for run_id, run in results.runs.items()
            for seed in results.records[run_id].ok_seeds()
        ],
        columns=["run", "seed", *_SETTINGS, "seconds", "stopped"],
    )
    merged = last.drop(columns=["label"]).merge(facts, on=["run", "seed"])
    known = merged["w1_true"].notna()
    merged = merged.assign(known=known, truth=merged["w1_true"].where(known, merged["w1"]))
    return merged.astype(dict.fromkeys(("dim", "truth", *ESTIMATORS), float))


def with_constant(table: pd.DataFrame, results: Results) -> pd.DataFrame:
    """Return the rows with a column `constant`: the c-transform estimate of a constant critic.

    It is the mean distance of the model's samples from the nearest real one: a c-transform
    without any critic. It is computed once for each pair of laws and number of samples.
    """
    keys = table["data_id"] + " " + table["w1"].astype(str)
    firsts = {key: str(run) for key, run in zip(keys, table["run"], strict=True)}
    values = {key: _nearest(results.samples(run)) for key, run in firsts.items()}
    return table.assign(constant=[values[key] for key in keys])


def _nearest(samples: Samples) -> float:
    real = samples.real.reshape(len(samples.real), -1).astype(np.float64)
    seed, evaluation = np.argwhere(samples.valid)[-1]
    model = samples.generated[seed, evaluation].reshape(-1, real.shape[1]).astype(np.float64)
    # |x - y|^2 by one matrix product: cdist takes seconds in high dimension.
    squares = (real**2).sum(1)[:, None] + (model**2).sum(1) - 2 * real @ model.T
    return float(np.sqrt(squares.min(0).clip(min=0)).mean())


def _settings(run: Run) -> dict[str, Any]:
    configuration = run.configuration
    return {
        "label": method_label(configuration),
        "method": configuration.method,
        "pair": pair_label(configuration),
        "dim": configuration.data.shape[0],
        "ablated": tuple(key for key in ABLATIONS if key in run.compared_as),
        **{key: configuration.get(key) for key in ABLATIONS},
    }


def pair_label(configuration: Configuration) -> str:
    """Return what distinguishes a pair of laws from others of its kind: its law or dimension."""
    data = configuration.data
    law = getattr(data, "law", None)
    if law is not None:
        return str(law)
    return f"{data.name}, D = {data.shape[0]}" if hasattr(data, "dim") else str(data.name)


def _stop(record: RunRecord, seed: int, evaluated: int) -> dict[str, Any]:
    """Return the training seconds at which the seed stopped, and whether before the budget.

    Args:
        record: of its run.
        seed: the seed.
        evaluated: how often it was evaluated; it stopped at the last of these.
    """
    converged = next(s.converged_at for s in record.seeds if s.seed == seed)
    spent = record.timings.at_evaluations
    at = min(evaluated, len(spent)) - 1
    return {"seconds": spent[at] / len(record.seeds), "stopped": converged is not None}


def varying(table: pd.DataFrame, *keys: str) -> pd.DataFrame:
    """Return the rows of runs whose grid has all these axes."""
    return table[table["ablated"].map(set(keys).issubset).astype(bool)]


def only_varying(table: pd.DataFrame, key: str) -> pd.DataFrame:
    """Return the rows of runs whose grid has this axis of `ABLATIONS` and no other."""
    return table[table["ablated"].map(lambda ablated: ablated == (key,)).astype(bool)]


def comparing(table: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of experiments that compare methods: nothing is ablated in any of theirs."""
    ablations = table.loc[table["ablated"].map(bool).astype(bool), "experiment"]
    return table[~table["experiment"].isin(set(ablations))]


def ratios(table: pd.DataFrame, column: str) -> pd.Series:
    """Return a column as multiples of the reference."""
    return table[column] / table["truth"]


def errors(table: pd.DataFrame, column: str) -> pd.Series:
    """Return a column's relative error."""
    return (ratios(table, column) - 1).abs()


def shown(table: pd.DataFrame, *settings: str) -> pd.DataFrame:
    """Return what a figure of the study is drawn from: a row per run and seed."""
    columns = ["run", "label", "pair", "dim", *settings, "seed", "truth", "w1", "floor", "floor_sd"]
    return table[[*columns, *ESTIMATORS, "gradient_norm_max", "seconds", "stopped"]]


def sign_changes(results: Results) -> Mapping[tuple[str, int], int]:
    """Return how often each seed's held-out estimate changes sign along its evaluations."""
    table = results.evaluations[results.evaluations["ok"]].sort_values("iteration")
    return {
        (str(run), int(str(seed))): int(
            (np.diff(np.sign(history["estimate_heldout"].dropna())) != 0).sum()
        )
        for (run, seed), history in table.groupby(["run", "seed"])
    }
