"""Normal laws fitted by f-GAN to the mixture of [fGAN] table 3, and the best ones."""

from collections.abc import Mapping
from functools import cache

import pandas as pd

from wganbench.claims.judging.evidence import Evidence
from wganbench.data.fgan_mixture import FGANMixture
from wganbench.gather.affine import FITS
from wganbench.gather.selection import Where
from wganbench.objectives.f_gan import FGAN
from wganbench.transport.f_divergences import Fit, best_fit, exact_divergence

DATA = FGANMixture()
PARTS = {f"objective.{name}": name for name in ("f_divergence", "alpha", "pi")}
"""The settings that decide the divergence."""
LAW = {"model_mean": "mean", "model_sd": "sd"}
MEASURED = {**LAW, "learned_divergence": "learned"}


@cache
def best(objective: FGAN) -> Fit:
    """Return the normal law with the least divergence from the mixture."""
    return best_fit(objective.row, DATA.log_density)


@cache
def exact(objective: FGAN, mean: float, sd: float) -> float:
    """Return the divergence of a normal law from the mixture."""
    return exact_divergence(objective.row, DATA.log_density, mean, sd)


def objectives(evidence: Evidence, where: Where) -> dict[str, FGAN]:
    """Return the objective of each of these runs, all of f-GAN."""
    runs = evidence.runs(where)
    settings = runs.reindex(columns=list(PARTS)).rename(columns=PARTS).to_dict("records")
    return {
        str(run): FGAN.model_validate(one) for run, one in zip(runs["run"], settings, strict=True)
    }


def fits(evidence: Evidence) -> pd.DataFrame:
    """Return `run`, `seed`, `objective`, and at the end `mean`, `sd` and `learned`.

    The three are missing where a replica diverged; there is no row where none was measured.
    """
    table = at_end(evidence, FITS, MEASURED)
    return table.assign(objective=table["run"].map(objectives(evidence, FITS)))


def divergences(evidence: Evidence, where: Where) -> pd.DataFrame:
    """Return `run`, `seed` and as `value` a model's exact divergence in its own, at the end.

    It is missing where a replica diverged.
    """
    table, known = at_end(evidence, where, LAW), objectives(evidence, where)
    values = [
        exact(known[run], mean, sd) if mean == mean else mean  # NaN is not itself
        for run, mean, sd in zip(table["run"], table["mean"], table["sd"], strict=True)
    ]
    return table[["run", "seed"]].assign(value=pd.Series(values, table.index, dtype=float))


def at_end(evidence: Evidence, where: Where, names: Mapping[str, str]) -> pd.DataFrame:
    """Return `run`, `seed` and the last values of some measures under these names.

    They are missing where a replica diverged; there is no row of a run that lacks one of them.
    """
    table = evidence.among(evidence.seeds, where)[["run", "seed"]]
    for measure, column in names.items():
        values = evidence.measure(measure, where).rename(columns={"value": column})
        table = table.merge(values, on=["run", "seed"], how="left")
    known = table[table["run"].isin(table.dropna()["run"])].reset_index(drop=True)
    return known.astype(dict.fromkeys(names.values(), float))
