"""From the results of a plan to the frames that claims look at."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from wganbench.claims.judging.evidence import Evidence, Where
from wganbench.claims.judging.landscapes import explained, growth, share_at_ends, share_of_pull
from wganbench.gather.load import Results
from wganbench.gather.networks import critic_weights, layer_norms
from wganbench.plan.runs import Run

DEEP = 12  # layers: [GP] figure 1b's critics
APART = 4.0  # standard deviations between two Gaussians that hardly overlap
# Files are read for these runs only, as they are large.
FIXED: Where = {"algorithm": "critic-only", "critic.name": "mlp"}
WITH_LAYERS: Where = {**FIXED, "critic.depth": lambda depth: depth >= DEEP}
WITH_WEIGHTS: Where = {**FIXED, "data.name": "noisy-law", "constraint.name": "clip"}
WITH_PULLS: Where = {**FIXED, "data.name": "two-gaussians"}
WITH_POTENTIALS: Where = {
    **FIXED,
    "data.name": "noisy-law",
    "critic.norm": "none",
    "constraint.name": ["clip", "gradient-penalty"],
}


def evidence_of(results: Results) -> Evidence:
    """Read what claims look at.

    Raises:
        UserError: a run's samples or networks are missing or damaged.
    """
    settings = settings_of(results.runs.values())
    bare = Evidence(
        settings=settings,
        seeds=pd.DataFrame(
            [
                (run_id, seed.seed, seed.status == "ok")
                for run_id, record in results.records.items()
                for seed in record.seeds
            ],
            columns=["run", "seed", "ok"],
        ),
        evaluations=results.evaluations[results.evaluations["ok"]],
        curves=results.curves[results.curves["ok"]],
        layers=_frame([], "growth"),
        weights=_frame([], "at_ends"),
        pulls=_frame([], "share"),
        potentials=_frame([], "explained"),
    )
    return Evidence(
        settings=settings,
        seeds=bare.seeds,
        evaluations=bare.evaluations,
        curves=bare.curves,
        layers=_frame(_layers(results, bare), "growth"),
        weights=_frame(_weights(results, bare), "at_ends"),
        pulls=_frame(_pulls(results, bare), "share"),
        potentials=_frame(_potentials(results, bare), "explained"),
    )


def settings_of(runs: Any) -> pd.DataFrame:
    """Return a row for each run: its id, its experiment and its configuration's dotted keys."""
    rows = [_described(run) for run in runs]
    return pd.json_normalize(rows)


def _described(run: Run) -> dict[str, Any]:
    resolved = run.configuration.resolved()
    kind = run.configuration.data.kind
    return {
        "run": run.id,
        "experiment": run.experiment,
        **resolved,
        "data": {**resolved["data"], "kind": kind},
    }


def _frame(rows: Any, column: str) -> pd.DataFrame:
    table = pd.DataFrame(list(rows), columns=["run", "seed", column])
    return table.astype({"seed": int, column: float})


def _layers(results: Results, bare: Evidence) -> Iterator[tuple[str, int, float]]:
    for run_id in bare.runs(WITH_LAYERS)["run"]:
        norms = layer_norms(results, run_id)
        if norms is not None:
            for seed, row in zip(results.records[run_id].ok_seeds(), norms, strict=True):
                yield run_id, seed, growth(row)


def _weights(results: Results, bare: Evidence) -> Iterator[tuple[str, int, float]]:
    chosen = bare.runs(WITH_WEIGHTS)
    for run_id, clip in zip(chosen["run"], chosen.get("constraint.clip_value", []), strict=True):
        of_seeds = critic_weights(results, run_id)
        for seed, weights in zip(results.records[run_id].ok_seeds(), of_seeds, strict=True):
            yield run_id, seed, share_at_ends(weights, float(clip))


def _pulls(results: Results, bare: Evidence) -> Iterator[tuple[str, int, float]]:
    for row in bare.runs(WITH_PULLS).to_dict("records"):
        means = (float(row["data.mean_real"]), float(row["data.mean_model"]))
        run_id = str(row["run"])
        samples = results.samples(run_id)
        points, values = samples.grid_points, samples.grid_values
        slopes = samples.grid_gradient_norm
        if abs(means[0] - means[1]) < APART or points is None or values is None or slopes is None:
            continue
        x, is_discriminator = points[:, 0], row["objective.name"] != "wasserstein"
        for seed in results.records[run_id].ok_seeds():
            k = list(samples.seeds).index(seed)
            of_seed = values[k].astype(np.float64), slopes[k].astype(np.float64)
            yield run_id, seed, share_of_pull(x, *of_seed, means, is_discriminator)


def _potentials(results: Results, bare: Evidence) -> Iterator[tuple[str, int, float]]:
    solved: dict[bytes, np.ndarray] = {}  # runs on one pair have the same samples
    for run_id in bare.runs(WITH_POTENTIALS)["run"]:
        samples = results.samples(run_id)
        for seed in results.records[run_id].ok_seeds():
            s = list(samples.seeds).index(seed)
            e = int(np.flatnonzero(samples.valid[s])[-1])
            key = samples.real.tobytes() + samples.generated[s, e].tobytes()
            if key not in solved:
                solved[key] = _potential(samples.real, samples.generated[s, e])
            assert samples.critic_real is not None, "a critic was trained"
            assert samples.critic_generated is not None, "on both laws"
            values = np.concatenate([samples.critic_real[s, e], samples.critic_generated[s, e]])
            yield run_id, seed, explained(values.astype(np.float64), solved[key])


def _potential(real: np.ndarray, generated: np.ndarray) -> np.ndarray:
    from wganbench.transport.exact import MEMORY_LIMIT, euclidean_costs
    from wganbench.transport.potentials import exact_potential

    first, second = real.astype(np.float64), generated.astype(np.float64)
    return np.concatenate(exact_potential(euclidean_costs(first, second, MEMORY_LIMIT)))
