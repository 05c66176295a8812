"""Normal laws fitted by f-GAN to the mixture of [fGAN] table 3, and the best ones."""

from functools import cache

import pandas as pd

from wganbench.claims.judging.evidence import Evidence
from wganbench.data.fgan_mixture import FGANMixture
from wganbench.gather.affine import FITS
from wganbench.objectives.f_gan import FGAN
from wganbench.transport.f_divergences import Fit, best_fit, exact_divergence

DATA = FGANMixture()
PARTS = {f"objective.{name}": name for name in ("f_divergence", "alpha", "pi")}
"""The settings that decide the divergence."""
MEASURED = {"model_mean": "mean", "model_sd": "sd", "learned_divergence": "learned"}


@cache
def best(objective: FGAN) -> Fit:
    """Return the normal law with the least divergence from the mixture."""
    return best_fit(objective.row, DATA.log_density)


@cache
def exact(objective: FGAN, mean: float, sd: float) -> float:
    """Return the divergence of a normal law from the mixture."""
    return exact_divergence(objective.row, DATA.log_density, mean, sd)


def fits(evidence: Evidence) -> pd.DataFrame:
    """Return `run`, `seed`, `objective`, and at the end `mean`, `sd` and `learned`.

    The three are missing where a replica diverged; there is no row where none was measured.
    """
    runs = evidence.runs(FITS)
    objectives = {
        str(run): FGAN.model_validate(settings)
        for run, settings in zip(
            runs["run"], runs.reindex(columns=list(PARTS)).rename(columns=PARTS).to_dict("records"),
            strict=True,
        )
    }  # fmt: skip
    table = evidence.among(evidence.seeds, FITS)[["run", "seed"]]
    table = table.assign(objective=table["run"].map(objectives))
    for measure, column in MEASURED.items():
        values = evidence.measure(measure, FITS).rename(columns={"value": column})
        table = table.merge(values, on=["run", "seed"], how="left")
    known = table[table["run"].isin(table.dropna()["run"])].reset_index(drop=True)
    return known.astype(dict.fromkeys(MEASURED.values(), float))
