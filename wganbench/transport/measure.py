"""`transport.parquet`: exact W1 of a run's saved samples, and its critic's estimates beside it."""

from pathlib import Path

import numpy as np

from wganbench.errors import UserError
from wganbench.files import sha256_of
from wganbench.freed_memory import keep_freed_memory
from wganbench.grey_levels import floats_of
from wganbench.plan.measurements.transport import ROW
from wganbench.plan.runs import Run
from wganbench.records.curves import read_curves
from wganbench.records.data import DATA, read_data
from wganbench.records.samples import Samples, read_samples
from wganbench.records.tables import write_table
from wganbench.records.transport import SCHEMA
from wganbench.training.flatness import is_flat
from wganbench.transport.estimates import c_transform_estimate, over_norm, raw_estimate
from wganbench.transport.exact import (
    MEMORY_LIMIT,
    Plan,
    euclidean_costs,
    solve,
    uniform,
)
from wganbench.transport.floors import floors
from wganbench.transport.slopes import slopes


def measure(run: Run, folder: Path, data: Path = DATA) -> None:
    """Measure every seed at every evaluation point and write the table into the run's folder.

    Raises:
        UserError: samples or data are missing or damaged.
        SolverError: a distance could not be had; nothing is written then.
    """
    keep_freed_memory()
    samples = read_samples(folder / "samples.npz", run)
    steepness = _steepness(run, folder, samples)
    dataset, code = run.configuration.data, ROW.code_on(run)
    truth = dataset.true_w1()
    common = {
        "n": samples.generated.shape[2],
        **floors(dataset.id, floats_of(samples.real), read_data(dataset, data), code),
        "w1_true": truth and truth[0],
        "w1_true_se": truth and truth[1],
    }
    rows = [{**row, **common} for row in _rows(samples, steepness)]
    write_table(rows, SCHEMA, folder / ROW.file, code, run.digest, source(run, folder))


def source(run: Run, folder: Path) -> str:
    """Return the digest of the samples in a run's folder, which distances are measured on."""
    return sha256_of(folder / "samples.npz")


def _steepness(
    run: Run, folder: Path, samples: Samples
) -> dict[tuple[int, int], tuple[float | None, float | None]]:
    """Return largest gradient norm and Lipschitz bound by seed and iteration.

    Raises:
        UserError: the curves are missing, damaged, or not those of these samples.
    """
    path = folder / "curves.parquet"
    curves = read_curves(path)
    columns = ("is_evaluation", "seed", "iteration", "gradient_norm_max", "lipschitz_bound")
    rows = zip(*(curves[name].to_pylist() for name in columns), strict=True)
    found = {
        (seed, iteration): (norm, bound) for here, seed, iteration, norm, bound in rows if here
    }
    for s, e in np.argwhere(samples.valid):
        if (int(samples.seeds[s]), int(samples.iterations[e])) not in found:
            raise UserError(f"{path}: is not of the samples beside it; train {run.id} again")
    return found


def _rows(
    samples: Samples, steepness: dict[tuple[int, int], tuple[float | None, float | None]]
) -> list[dict[str, float | int | None]]:
    real = floats_of(samples.real).reshape(len(samples.real), -1).astype(np.float64)
    solved = _Solved(real)
    rows: list[dict[str, float | int | None]] = []
    for s, seed in enumerate(samples.seeds):
        for e, iteration in enumerate(samples.iterations):
            if not samples.valid[s, e]:
                continue
            costs, plan = solved.against(floats_of(samples.generated[s, e]))
            row: dict[str, float | int | None] = {
                "seed": int(seed),
                "iteration": int(iteration),
                "w1": plan.cost,
                "independent_cost": float(costs.mean()),
                "farthest": float(costs.max()),
            }
            if samples.critic_real is not None and samples.critic_generated is not None:
                norm, bound = steepness[int(seed), int(iteration)]
                values = samples.critic_real[s, e], samples.critic_generated[s, e]
                row |= _estimates(*values, costs, norm, bound) | slopes(*values, costs, plan)
            rows.append(row)
    return rows


def _estimates(
    critic_real: np.ndarray,
    critic_generated: np.ndarray,
    costs: np.ndarray,
    norm: float | None,
    bound: float | None,
) -> dict[str, float | None]:
    """Return every estimate; those that divide by a slope are None where the critic is flat.

    A norm that is None was not finite.
    """
    raw = raw_estimate(critic_real, critic_generated)
    estimates: dict[str, float | None] = {
        "estimate": raw,
        "c_transform": c_transform_estimate(critic_real, costs),
    }
    if norm is not None and norm > 0 and not is_flat(critic_real, critic_generated):
        steepest_one = critic_real.astype(np.float64) / norm
        estimates |= {
            "normalised": over_norm(raw, norm),
            "c_transform_normalised": c_transform_estimate(steepest_one, costs),
            "certified": None if bound is None else over_norm(raw, bound),
        }
    return estimates


class _Solved:
    """Costs and optimal plan against one real sample; a fixed model's samples are solved once."""

    def __init__(self, real: np.ndarray) -> None:
        self.real = real
        self._last: tuple[bytes, np.ndarray, Plan] | None = None

    def against(self, generated: np.ndarray) -> tuple[np.ndarray, Plan]:
        key = generated.tobytes()
        if self._last is None or self._last[0] != key:
            points = generated.reshape(len(generated), -1).astype(np.float64)
            costs = euclidean_costs(self.real, points, MEMORY_LIMIT)
            plan = solve(costs, uniform(len(self.real)), uniform(len(points)))
            self._last = (key, costs, plan)
        return self._last[1:]
