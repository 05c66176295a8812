"""Which of the settings that were tried stands for a configuration.

A setting is chosen on the tuning seeds alone: the best mean quality at the end of training. The
same seeds say nothing more about the chosen one, since it is chosen for being good on them: what is
compared and judged is another run of it, with other seeds.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from wganbench.gather.statistics import expected_best
from wganbench.plan.measurements.unlabelled import ROW as WITHOUT_SPACE
from wganbench.plan.runs import Run
from wganbench.plan.settings import layer

TUNED = ("run", "experiment", "configuration", "kind", "setting", "seeds", "turn", "compared")
CANDIDATES = (*TUNED, "by_seed", "quality", "chosen", "at_end")
_CONFIGURATION = ["experiment", "configuration"]
UNLABELLED = "images without a feature space"


def _fid(ends: pd.DataFrame) -> pd.Series:
    return _column(ends, "fid")


def _patches(ends: pd.DataFrame) -> pd.Series:
    return _column(ends, "patches")


def _distance(ends: pd.DataFrame) -> pd.Series:
    return _column(ends, "w1")


def _error(ends: pd.DataFrame) -> pd.Series:
    truth = _column(ends, "w1_true").fillna(_column(ends, "w1"))
    return (_column(ends, "normalised") / truth - 1).abs()


# By the kind of data: what is best where it is smallest, of a replica's last evaluation.
QUALITY: Mapping[str, tuple[str, Callable[[pd.DataFrame], pd.Series]]] = {
    "images": ("FID", _fid),
    UNLABELLED: ("distance of patches", _patches),
    "law": ("exact W1", _distance),
    "pair": ("relative error of the normalised estimate", _error),
}


def tuned_of(runs: Iterable[Run]) -> pd.DataFrame:
    """Return a row for each candidate: a run at one of several settings of its configuration.

    `configuration`: what these share, a text; `setting`: its tuned keys and their values; `seeds`:
    the tuning seeds; `turn`: its turn in the plan, which is the file's order; `compared`: the run
    of the same setting with other seeds, or nothing where that is not among these.
    """
    runs = list(runs)
    others = {_place(run): run.id for run in runs if run.tuned and not run.candidate}
    rows = [
        {
            "run": run.id,
            "experiment": run.experiment,
            "configuration": run.compared_key,
            "kind": UNLABELLED if WITHOUT_SPACE.applies(run) else run.configuration.data.kind,
            "setting": {key: run.point[key] for key in run.tuned},
            "seeds": run.seeds,
            "turn": turn,
            "compared": others.get(_place(run), ""),
        }
        for turn, run in enumerate(runs)
        if run.candidate
    ]
    return pd.DataFrame(rows, columns=list(TUNED))


def _place(run: Run) -> tuple[str, str]:
    return run.experiment, repr(run.point)


def candidates(tuned: pd.DataFrame, evaluations: pd.DataFrame) -> pd.DataFrame:
    """Return the candidates, each with its quality and whether its setting is the chosen one.

    `by_seed`: the quality of each tuning seed at its last evaluation, smaller is better; infinite
    where it diverged or was not measured. `quality`: their mean. `chosen`: the best one, of equal
    ones the first in the file. `at_end`: a tuned value is the smallest or the largest that was
    tried.

    Args:
        tuned: as `tuned_of` returns it.
        evaluations: `run`, `seed`, `iteration` and what was measured; rows of replicas that
            diverged have a false `ok`, or are not there.
    """
    if tuned.empty:
        return pd.DataFrame(columns=list(CANDIDATES))
    found = _by_seed(tuned, evaluations)
    means = [float(np.mean(values)) for values in found]
    table = tuned.assign(by_seed=pd.Series(found, tuned.index, dtype=object), quality=means)
    table = table.sort_values("turn", ignore_index=True)
    groups = table.sort_values("quality", kind="stable").groupby(_CONFIGURATION, sort=False)
    at_end = {
        run
        for _, group in table.groupby(_CONFIGURATION, sort=False)
        for run, setting in zip(group["run"], group["setting"], strict=True)
        if _is_at_end(setting, group["setting"])
    }
    return table.assign(
        chosen=table["run"].isin(groups["run"].first()), at_end=table["run"].isin(at_end)
    )


def choices(found: pd.DataFrame) -> pd.DataFrame:
    """Return the candidates that were chosen, one for each configuration.

    `qualities`: of all its candidates, by run; `known`: whether one of them is finite.
    """
    by_run = {
        name: dict(zip(group["run"], group["quality"], strict=True))
        for name, group in found.groupby(_CONFIGURATION, sort=False)
    }
    chosen = found[found["chosen"].astype(bool)]
    names = zip(*(chosen[key] for key in _CONFIGURATION), strict=True)
    qualities = pd.Series([by_run[name] for name in names], index=chosen.index, dtype=object)
    known = np.isfinite(chosen["quality"].astype(float))
    return chosen.assign(qualities=qualities, known=known)


def tried_for(found: pd.DataFrame, runs: Collection[str]) -> list[pd.DataFrame]:
    """Return the candidates of each configuration whose compared run is among these."""
    groups = (group for _, group in found.groupby(_CONFIGURATION, sort=False))
    return [group for group in groups if compared_of(group) in {*runs}]


def compared_of(group: pd.DataFrame) -> str:
    """Return the compared run of a configuration's candidates."""
    return str(group.loc[group["chosen"].astype(bool), "compared"].iloc[0])


def expected_bests(group: pd.DataFrame) -> pd.DataFrame:
    """Return what the best of k settings of a configuration has on average, seed by seed.

    Lucic et al. 2018, figure 2. A row for each tuning seed and k: `expected_best` of k settings
    chosen at random; `run`, `setting` and `quality` of the k-th best on that seed.
    """
    rows = []
    for n, seed in enumerate(group["seeds"].iloc[0]):
        settings = zip(group["by_seed"], group["run"], group["setting"], strict=True)
        ranked = sorted(
            ((values[n], run, setting) for values, run, setting in settings),
            key=lambda one: one[0],
        )
        qualities = [quality for quality, _, _ in ranked]
        rows += [
            (seed, k, expected_best(qualities, k), run, setting, quality)
            for k, (quality, run, setting) in enumerate(ranked, start=1)
        ]
    columns = ["seed", "k", "expected_best", "run", "setting", "quality"]
    return pd.DataFrame(rows, columns=columns)


def as_tuned(settings: pd.DataFrame, found: pd.DataFrame) -> pd.DataFrame:
    """Return a table of settings in which tuned values are the word `tuned`.

    Two configurations that agree in it differ in nothing but what tuning chose for each of them.
    """
    runs = zip(found["compared"], found["setting"], strict=True)
    keys = {run: tuple(layer(setting, "")) for run, setting in runs}
    table = settings.copy()
    for key in dict.fromkeys(key for tuned in keys.values() for key in tuned):
        if key in table:
            is_tuned = table["run"].map(lambda run, key=key: key in keys.get(run, ()))
            table[key] = table[key].astype(object).mask(is_tuned.astype(bool), "tuned")
    return table


def _by_seed(tuned: pd.DataFrame, evaluations: pd.DataFrame) -> list[tuple[float, ...]]:
    ends = evaluations[evaluations["run"].isin(tuned["run"])]
    if "ok" in ends:
        ends = ends[ends["ok"].astype(bool)]
    ends = ends.sort_values("iteration").groupby(["run", "seed"], sort=False).tail(1)
    keys = list(zip(ends["run"], ends["seed"], strict=True))
    by_kind = {
        kind: dict(zip(keys, measure(ends), strict=True)) for kind, (_, measure) in QUALITY.items()
    }
    return [
        tuple(_or_infinite(by_kind[kind].get((run, seed), np.nan)) for seed in seeds)
        for run, kind, seeds in zip(tuned["run"], tuned["kind"], tuned["seeds"], strict=True)
    ]


def _or_infinite(quality: float) -> float:
    return float(quality) if np.isfinite(quality) else float("inf")


def _is_at_end(setting: Mapping[str, Any], settings: Iterable[Mapping[str, Any]]) -> bool:
    others = list(settings)
    return any(
        value in (min(tried), max(tried))
        for key, value in setting.items()
        if all(map(_is_number, tried := [other[key] for other in others]))
    )


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _column(ends: pd.DataFrame, name: str) -> pd.Series:
    missing = pd.Series(np.nan, index=ends.index)
    return ends.get(name, missing).astype(float)
