"""Lucic et al. 2018: tuned alike, no method is consistently better.

A method is consistently better if it is ahead of every other one on every law. The effect is the
lead of the method that comes nearest to that, on the law where it leads least: at most 0 if others
are ahead of it there. Leads are differences, so that floors cancel in them.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import pandas as pd

from wganbench.claims.judging.claim import CELL, Claim, joined
from wganbench.claims.judging.evidence import BUDGETS, NAMES, Evidence
from wganbench.claims.judging.gates import fair, trained_laws
from wganbench.claims.judging.methods import CLIPPED, GAN, LAWS, LSGAN, WASSERSTEIN, WGAN_GP
from wganbench.gather.selection import as_texts

METHODS = (GAN, LSGAN, CLIPPED, WGAN_GP)
LEAST_LAWS = 3  # of two laws, one of two equal methods leads on both in half of cases
TRAINED = trained_laws({}).bar  # floors


class Lead(NamedTuple):
    """A method's place on a law."""

    least: float
    """Median of the nearest rival's W1 over its floor, less the method's own."""
    run: str
    rival: str


def effects(evidence: Evidence) -> pd.DataFrame:
    """Return the least lead of the most consistent method of each experiment, in floors."""
    ends = evidence.over_floor(LAWS).fillna({"value": np.inf})  # diverged: farthest off
    table = ends.merge(_contests(evidence), on="run")
    contests = table.groupby("contest")
    return joined(part for _, rows in contests for part in _cells(rows, evidence))


def _contests(evidence: Evidence) -> pd.DataFrame:
    """Return `run` with its `contest`, what compared runs share, its `law` and its `method`."""
    table, known = evidence.comparable, evidence.settings
    names = [str(key) for key in table]
    nets = [key for key in names if key.startswith(("experiment", "generator.", "critic."))]
    laws = [key for key in names if key.startswith("data.")]
    others = [key for key in names if key not in ("run", *NAMES, *BUDGETS, *nets, *laws)]
    runs = {run for method in METHODS for run in evidence.runs({**method, **LAWS})["run"]}
    found = known[["run"]].assign(
        contest=as_texts(table[nets]), law=as_texts(table[laws]), method=as_texts(table[others])
    )
    return found[found["run"].isin(runs)]


def _cells(rows: pd.DataFrame, evidence: Evidence) -> Iterator[pd.DataFrame]:
    """Yield the cells of one contest, if a GAN and a WGAN are in it on three laws or more."""
    typical = rows.pivot_table(index="law", columns="method", values="value", aggfunc="median")
    typical = typical.dropna(axis="columns")
    typical = typical[typical.min(axis="columns") <= TRAINED]
    in_contest = rows[rows["law"].isin(typical.index) & rows["method"].isin(typical.columns)]
    runs = sorted(set(in_contest["run"]))
    sides = [set(evidence.runs(side)["run"]) & set(runs) for side in (GAN, WASSERSTEIN)]
    if len(typical) < LEAST_LAWS or not all(sides):
        return
    lead = _most_consistent(typical, in_contest)
    values = in_contest.pivot_table(index="seed", columns="run", values="value")
    effect = (values[lead.rival] - values[lead.run]).dropna()
    floor = float(rows["floor"].mean())
    found = (lead.run, lead.rival, *(set(runs) - {lead.run, lead.rival}))
    yield pd.DataFrame(
        {"context": " | ".join(runs[:2]), "seed": effect.index, "effect": effect.to_numpy(),
         "runs": [found] * len(effect), "floor": floor}, columns=list(CELL),
    )  # fmt: skip


def _most_consistent(typical: pd.DataFrame, rows: pd.DataFrame) -> Lead:
    """Return the method whose least lead over laws is largest, there.

    Args:
        typical: the median of W1 over its floor by law and method.
        rows: `run`, `law` and `method`.
    """
    run_of = {
        (law, method): run
        for run, law, method in zip(rows["run"], rows["law"], rows["method"], strict=True)
    }
    laws, methods, values = [*typical.index], [*typical.columns], typical.to_numpy(dtype=float)

    def lead(law: int, method: int) -> Lead:
        others = values[law].copy()
        others[method] = np.inf
        rival = int(others.argmin())
        least = float(others[rival] - values[law, method])
        runs = (run_of[laws[law], methods[one]] for one in (method, rival))
        return Lead(least, *runs)

    of_methods = ([lead(law, k) for law in range(len(laws))] for k in range(len(methods)))
    return max(min(leads) for leads in of_methods)


CLAIM = Claim(
    source="[Lucic] section 1 and figure 2, on laws in the plane",
    origin="other papers",
    model="GAN, WGAN and WGAN-GP, tuned alike",
    published="no method is consistently better",
    statement="Tuned alike, no method is consistently better: none of GAN, WGAN and WGAN-GP comes "
    "nearest to every law.",
    statistic="exact W1 of the nearest rival less that of the method, over the floor, at the end, "
    "same nets and seed: of the method whose least lead over laws is the largest, on that law, of "
    "three or more laws that any method trains",
    effects=effects,
    direction="at most",
    threshold=0.0,
    reason="the source states a direction and no size: a method is consistently better if it leads "
    "everywhere, by however little, and not if another leads somewhere",
    gates=(fair(LAWS),),
)
