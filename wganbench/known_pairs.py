"""Critics trained on pairs with a known W1, compared with the truth: `wganbench estimate`."""

import csv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
import pandas as pd
from pydantic import ValidationError
from rich.console import Console

from wganbench.console import plain_table
from wganbench.data import Arrays
from wganbench.data.store import DATA_SEED
from wganbench.errors import UserError
from wganbench.files import written_atomically
from wganbench.plan.configuration import Configuration
from wganbench.plan.presets import PRESETS
from wganbench.plan.resolve import taken
from wganbench.plan.settings import layer, nest, overlay
from wganbench.plugins.explain import explain

# [KSB] table 1's names of the solvers that are compared with ours.
SOLVERS = {
    "wgan": "wgan",
    "wgan-gp": "wgan-gp",
    "wgan-lp": "wgan-lp",
    "wgan-sn": "sn-gan",
    "wgan-groupsort": "sort-out",
}
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
    """Train the critics of each configuration on its pair and yield their estimates."""
    for configuration in configurations:
        started = perf_counter()
        arrays = configuration.data.generate(np.random.default_rng(DATA_SEED))
        table = trained_critics(configuration, arrays, seeds, device)
        yield _summary(configuration, table, perf_counter() - started)


def trained_critics(
    configuration: Configuration, arrays: Arrays, seeds: tuple[int, ...], device: str = "cpu"
) -> pd.DataFrame:
    """Train critics and return their curves' rows of evaluations.

    Raises:
        UserError: every seed diverged.
    """
    from wganbench.training.process import prepare_torch
    from wganbench.training.train import train

    prepare_torch(device)
    rows = train(configuration, arrays, seeds, device).history.curves.rows()
    table = pd.DataFrame(row for row in rows if row.get("estimate_heldout") is not None)
    if table.empty or table["iteration"].max() < configuration.iterations:
        raise UserError(f"estimate: every seed of {configuration.method} diverged")
    return table


def configuration_of(
    method: str, dim: int, funnels: int, iterations: int, file: Path | None = None
) -> Configuration:
    """Return [KSB]'s settings for one method and pair of funnels."""
    pair = {"data.funnels": funnels, "data.file": str(file or "")}
    return critic_settings(method, {"data.dim": dim, "iterations": iterations, **pair})


def critic_settings(method: str, changes: Mapping[str, Any]) -> Configuration:
    """Return [KSB]'s settings for a method's critics, with some changed.

    Raises:
        UserError: the method is none of theirs, or a value is wrong.
    """
    if method not in SOLVERS:
        raise UserError(f"method {method!r} is unknown here; there are {', '.join(SOLVERS)}")
    chosen = {
        "method": method,
        "critic.width": max(2 * changes["data.dim"], _NARROWEST),
        **changes,
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
    headings = ("dim", "funnels", "method", "cosine", "L2", "estimate", "true W1", "seconds")
    rows = (
        (
            str(e.dim),
            str(e.funnels),
            e.method,
            f"{e.cos:.3f} ± {e.cos_sd:.3f}",
            f"{e.l2:.3g}",
            f"{e.cost:.4g} ± {e.cost_sd:.2g}",
            f"{e.true:.4g} ± {e.true_se:.2g}",
            f"{e.seconds:.1f}",
        )
        for e in estimates
    )
    Console().print(plain_table(headings, rows, texts={"method"}))


def _summary(configuration: Configuration, table: pd.DataFrame, seconds: float) -> Estimate:
    last = table["iteration"].max()
    half = table["iteration"][table["iteration"] >= last / 2].min()
    final = table[table["iteration"] == last]
    truth = configuration.data.true_w1()
    assert truth is not None, "funnels know their W1"
    costs, cosines = final["estimate_heldout"], final["gradient_cosine"]
    norms = final["gradient_norm_max"]
    return Estimate(
        dim=configuration.data.shape[0],
        funnels=int(configuration.data.model_dump()["funnels"]),
        method=configuration.method,
        solver=SOLVERS[configuration.method],
        seeds=len(final),
        iterations=int(last),
        cos=float(cosines.mean()),
        cos_sd=float(cosines.std()),
        l2=float(final["gradient_l2"].mean()),
        cost=float(costs.mean()),
        cost_sd=float(costs.std()),
        normalised=float((costs / norms).mean()) if (norms > 0).all() else None,
        cost_at_half=float(table["estimate_heldout"][table["iteration"] == half].mean()),
        true=truth[0],
        true_se=truth[1],
        seconds=seconds,
    )
