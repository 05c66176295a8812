"""Critics trained on pairs with a known W1, compared with the truth: `wganbench estimate`."""

import csv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from time import perf_counter
from types import MappingProxyType

import numpy as np
from pydantic import ValidationError

from wganbench.data.store import DATA_SEED
from wganbench.errors import UserError
from wganbench.files import written_atomically
from wganbench.plan.configuration import Configuration
from wganbench.plan.grid import taken
from wganbench.plan.presets import PRESETS
from wganbench.plan.settings import layer, nest, overlay
from wganbench.plugins.explain import explain
from wganbench.transport.estimates import over_norm

# [KSB] table 1's names of the solvers that are compared with ours.
SOLVERS: Mapping[str, str] = MappingProxyType(
    {
        "wgan": "wgan",
        "wgan-gp": "wgan-gp",
        "wgan-lp": "wgan-lp",
        "wgan-sn": "sn-gan",
        "wgan-groupsort": "sort-out",
    }
)
# [KSB] section 5: critic [D, max(2D, 128) twice, 1], Adam 2e-4 (0, 0.9), batch 1024, clip 0.04,
# penalties 10, 4,096 samples for the metrics.
_SETTINGS = {
    "algorithm": "critic-only",
    "data.name": "funnels",
    "critic.name": "mlp",
    "critic.depth": 2,
    "optimizer.name": "adam",
    "optimizer.lr": 2e-4,
    "optimizer.beta1": 0.0,
    "optimizer.beta2": 0.9,
    "batch_size": 1024,
    "samples": 4096,
    "n_critic": 1,
    "evaluations": 10,
}
_CLIP_VALUE = 0.04
_NARROWEST = 128


@dataclass(frozen=True)
class Estimate:
    """What one method's critics, one per seed, make of one pair: means, and sd over the seeds."""

    dim: int
    funnels: int
    method: str
    solver: str
    seeds: int
    iterations: int
    cos: float
    cos_sd: float
    l2: float
    cost: float
    cost_sd: float
    normalised: float | None  # none if a critic is flat
    cost_at_half: float
    true: float
    true_se: float
    seconds: float


def estimate_known(
    configurations: Iterable[Configuration], seeds: tuple[int, ...], device: str = "cpu"
) -> Iterator[Estimate]:
    """Train the critics of each configuration on its pair and yield their estimates.

    Raises:
        UserError: a pair's file is missing or wrong, or the device is not there.
    """
    from wganbench.training.process import prepare_torch
    from wganbench.training.train import train

    prepare_torch(device)
    for configuration in configurations:
        started = perf_counter()
        arrays = configuration.data.generate(np.random.default_rng(DATA_SEED))
        trained = train(configuration, arrays, seeds, device)
        rows = [
            row for row in trained.history.curves.rows() if row.get("estimate_heldout") is not None
        ]
        last = max((row["iteration"] for row in rows), default=0)
        if last < configuration.iterations:
            raise UserError(f"estimate: every seed of {configuration.method} diverged")
        yield _summary(configuration, rows, perf_counter() - started)


def configuration_of(
    method: str, dim: int, funnels: int, iterations: int, file: Path | None = None
) -> Configuration:
    """Return [KSB]'s settings for one method and pair.

    Raises:
        UserError: the method is unknown or a number out of range.
    """
    if method not in SOLVERS:
        raise UserError(f"method {method!r} is unknown here; there are {', '.join(SOLVERS)}")
    chosen = {
        "method": method,
        "data.dim": dim,
        "data.funnels": funnels,
        "data.file": str(file or ""),
        "critic.width": max(2 * dim, _NARROWEST),
        "iterations": iterations,
    } | ({"constraint.clip_value": _CLIP_VALUE} if method == "wgan" else {})
    layers = [layer(PRESETS[method], "preset"), layer(_SETTINGS, "[KSB]"), layer(chosen, "chosen")]
    try:
        return Configuration.from_flat(nest(taken(overlay(layers))))
    except ValidationError as error:
        raise UserError(f"estimate: {explain(error)}") from None


def write_csv(estimates: Iterable[Estimate], path: Path) -> None:
    """Write the estimates, one a line, with the published tables' column names."""
    rows = [asdict(estimate) for estimate in estimates]
    with written_atomically(path) as temporary, temporary.open("w", newline="") as file:
        writer = csv.DictWriter(file, list(Estimate.__dataclass_fields__))
        writer.writeheader()
        writer.writerows(rows)


def print_table(estimates: Iterable[Estimate]) -> None:
    """Print the estimates beside the truth: means over the seeds, with their sd."""
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, pad_edge=False)
    for heading in ("dim", "funnels", "method", "cosine", "L2", "estimate", "true W1", "seconds"):
        table.add_column(heading, justify="left" if heading == "method" else "right")
    for e in estimates:
        table.add_row(
            str(e.dim),
            str(e.funnels),
            e.method,
            f"{e.cos:.3f} ± {e.cos_sd:.3f}",
            f"{e.l2:.3g}",
            f"{e.cost:.4g} ± {e.cost_sd:.2g}",
            f"{e.true:.4g} ± {e.true_se:.2g}",
            f"{e.seconds:.1f}",
        )
    Console().print(table)


def _mean_normalised(costs: np.ndarray, norms: np.ndarray) -> float | None:
    values = [over_norm(cost, norm) for cost, norm in zip(costs, norms, strict=True)]
    return None if None in values else float(np.mean(np.array(values, dtype=float)))


def _summary(
    configuration: Configuration, rows: list[dict[str, float]], seconds: float
) -> Estimate:
    last = max(row["iteration"] for row in rows)
    half = min(row["iteration"] for row in rows if row["iteration"] >= last / 2)
    final = [row for row in rows if row["iteration"] == last]
    truth = configuration.data.true_w1()
    assert truth is not None, "funnels know their W1"

    def column(name: str, rows: list[dict[str, float]] = final) -> np.ndarray:
        return np.array([row[name] for row in rows], dtype=float)

    def spread(values: np.ndarray) -> float:
        return float(values.std(ddof=1)) if len(values) > 1 else float("nan")

    costs, cosines = column("estimate_heldout"), column("gradient_cosine")
    return Estimate(
        dim=configuration.data.shape[0],
        funnels=int(configuration.data.model_dump()["funnels"]),
        method=configuration.method,
        solver=SOLVERS[configuration.method],
        seeds=len(final),
        iterations=int(last),
        cos=float(cosines.mean()),
        cos_sd=spread(cosines),
        l2=float(column("gradient_l2").mean()),
        cost=float(costs.mean()),
        cost_sd=spread(costs),
        normalised=_mean_normalised(costs, column("gradient_norm_max")),
        cost_at_half=float(
            column("estimate_heldout", [r for r in rows if r["iteration"] == half]).mean()
        ),
        true=truth[0],
        true_se=truth[1],
        seconds=seconds,
    )
