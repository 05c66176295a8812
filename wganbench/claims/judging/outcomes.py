"""Random architectures under GAN and WGAN-GP: which of the two trains each ([GP] tables 1 and 2).

An architecture is what both nets are, apart from the critic's norm: under the penalty layer norm
stands where critics have batch norm. Success is a score at the end beyond a bar. The paper's bars
are Inception scores; where another space measures, FIDs of images that no generator makes.
"""

from collections.abc import Iterator

import pandas as pd

from wganbench.claims.judging.evidence import Evidence
from wganbench.claims.judging.methods import ALGORITHM_1, GAN, IMAGES, PENALTY_10, WGAN_GP
from wganbench.gather.selection import Where, as_texts
from wganbench.records.extractor import INCEPTION

METHODS: dict[str, Where] = {
    "gan": {**GAN, **IMAGES, "n_critic": 1, "train_samples": 0},
    "wgan_gp": {**WGAN_GP, **PENALTY_10, **ALGORITHM_1, **IMAGES},
}
FEWEST = 10  # of one experiment: fewer are somebody's choice ([GP] figure 2 has seven), no sample
WORDS = {
    "half_of_classes": "real images of half of the classes",
    "one_class": "real images of one class",
    "black": "black images",
    "noise": "noise",
    "grey": "grey images",
}
SCORES = (1.0, 3.0, 5.0, 7.0, 9.0)  # [GP] table 2
# Where the verdict is given: the project's bar for "trained", and the middle one of the paper's.
TRAINED, SCORED = "half_of_classes", 5.0
COLUMNS = ["experiment", "number", "bar", "is_verdicts", *METHODS, "runs"]


def outcomes(evidence: Evidence) -> pd.DataFrame:
    """Return a row for each architecture and bar: does `gan` succeed, does `wgan_gp`?

    Further columns: `experiment`; `number`, of the architecture, over all experiments; `bar`, in
    words; `is_verdicts`, whether verdicts are given at it; `runs`, of both methods. A run succeeds
    if the median of its seeds does; one that diverged has the worst score.
    """
    pairs = _pairs(evidence)
    rows = [pairs.assign(bar="", is_verdicts=False, runs=None).iloc[:0]]
    for bar, is_verdicts, passed in _bars(evidence):
        known = pairs[pairs[[*METHODS]].isin(passed.index).all(axis="columns")]
        both = zip(*(known[method] for method in METHODS), strict=True)
        succeeded = {method: known[method].map(passed).astype(bool) for method in METHODS}
        runs = pd.Series(list(both), known.index, dtype=object)
        rows.append(known.assign(bar=bar, is_verdicts=is_verdicts, runs=runs, **succeeded))
    table = pd.concat([part for part in rows if len(part)] or rows)[COLUMNS]
    sizes = table.groupby(["experiment", "bar"])["number"].transform("size")
    return table[sizes >= FEWEST]


def above(score: float) -> str:
    """Return one of the paper's bars in words."""
    return f"Inception score above {score:g}"


def _pairs(evidence: Evidence) -> pd.DataFrame:
    """Return `experiment`, `number` and each method's run; one run a method, or it is no pair."""
    settings = evidence.settings
    nets = [key for key in map(str, settings) if key.startswith(("generator.", "critic.", "data."))]
    norms = settings.get("critic.norm", pd.Series("none", settings.index)) != "none"
    texts = as_texts(settings[nets].assign(**{"critic.norm": norms}))
    known = settings[["run", "experiment"]].assign(architecture=texts)
    found = [
        known[known["run"].isin(evidence.runs(where)["run"])].assign(method=method)
        for method, where in METHODS.items()
    ]
    keys = ["experiment", "architecture"]
    single = pd.concat(found).drop_duplicates([*keys, "method"], keep=False)
    wide = single.pivot_table(index=keys, columns="method", values="run", aggfunc="first")
    pairs = wide.reindex(columns=[*METHODS]).dropna().reset_index()
    return pairs.assign(number=range(len(pairs)))


def _bars(evidence: Evidence) -> Iterator[tuple[str, bool, "pd.Series[bool]"]]:
    """Yield each bar in words, whether it is the verdict's, and which runs succeed at it."""
    inception = _measured_by_inception(evidence)
    scores = _typical(evidence, "isc", 0.0)
    scores = scores[scores.index.isin(inception)]
    for bar in SCORES:
        yield above(bar), bar == SCORED, scores > bar
    distances = _typical(evidence, "fid", float("inf"))
    references = evidence.references.set_index("run").drop(inception, errors="ignore")
    for name, words in WORDS.items():
        known = references.get(name, pd.Series(dtype=float)).dropna().astype(float)
        of_runs = distances[distances.index.isin(known.index)]
        yield f"FID at most that of {words}", name == TRAINED, of_runs <= known[of_runs.index]


def _typical(evidence: Evidence, column: str, worst: float) -> "pd.Series[float]":
    """Return the median over seeds at the end, by run."""
    ends = evidence.at_end({}, column)
    return ends.assign(value=ends["value"].fillna(worst)).groupby("run")["value"].median()


def _measured_by_inception(evidence: Evidence) -> list[str]:
    """Return the runs of experiments that Inception measures; of one that diverged it says none."""
    settings = evidence.settings
    known = evidence.evaluations.reindex(columns=["run", "extractor"]).dropna()
    by_it = known.loc[known["extractor"].astype(str).str.startswith(INCEPTION), "run"]
    experiments = settings.loc[settings["run"].isin(by_it), "experiment"]
    return list(settings.loc[settings["experiment"].isin(experiments), "run"])
