"""What claims look at: tidy frames, made from results or by a test."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
import pandas as pd

from wganbench.gather.load import Results
from wganbench.gather.measures import measured
from wganbench.gather.references import fid_references
from wganbench.gather.selection import Where, as_texts, chosen
from wganbench.gather.tuning import as_tuned, candidates, tuned_of

NAMES = ("experiment", "scale", "method", "variant")
BUDGETS = (
    "iterations", "log_every", "evaluations", "evaluation_spacing", "samples", "patience",
)  # fmt: skip
CRITIC_STEPS = 100  # until a critic is trained
# The column with the floor of a distance: what it is between two samples of one law.
FLOORS = {"w1": "floor", "fid": "fid_floor"}


@dataclass(frozen=True)
class Evidence:
    """The results of a plan. Every frame but `settings` has columns `run` and `seed`."""

    settings: pd.DataFrame
    """A row for each run: `run`, `experiment`, `data.kind` and its configuration's dotted keys."""
    seeds: pd.DataFrame
    """A row for each replica: `ok` is False if it diverged."""
    evaluations: pd.DataFrame
    """A row for each `iteration` evaluated, of replicas that did not diverge: distances, floors,
    coverage, fidelity and the critic's estimates; null where a run has no critic."""
    curves: pd.DataFrame
    """The same for each logged iteration: the critic's estimate on its training batch."""
    measured: Callable[[str], pd.DataFrame]
    """Returns `run`, `seed`, `iteration` and `value` of a measure in wganbench.gather.measures, by
    its name."""
    references: pd.DataFrame = field(default_factory=lambda: pd.DataFrame({"run": []}))
    """A row for each run on images: FID of named references (half of the classes, ...)."""

    tuned: pd.DataFrame = field(default_factory=lambda: candidates(tuned_of([]), pd.DataFrame()))
    """The settings that were tried and the chosen ones, as `gather.tuning.candidates` gives them.

    The other frames have no candidate: their runs are of the chosen settings, with other seeds."""

    unfinished: Mapping[str, float] = field(default_factory=dict)
    """Of each experiment that lacks runs the share that is there."""

    @cached_property
    def comparable(self) -> pd.DataFrame:
        """The settings, with the word "tuned" in place of what tuning chose."""
        return as_tuned(self.settings, self.tuned)

    @cached_property
    def tried(self) -> "pd.Series[int]":
        """How many settings a run was chosen from: 1 where nothing was tuned."""
        sizes = self.tuned.groupby(["experiment", "configuration"])["run"].transform("size")
        known = dict(zip(self.tuned["compared"], sizes, strict=True))
        return pd.Series({run: int(known.get(run, 1)) for run in self.settings["run"]})

    @cached_property
    def trained_critics(self) -> pd.DataFrame:
        """The evaluations after a critic's first 100 steps.

        The official WGAN code takes as many before each of its first generator steps; until then
        an estimate rises as the critic learns, whatever the samples are.
        """
        known = self.settings.set_index("run")
        steps = known.get("n_critic", pd.Series(np.nan, known.index)).astype(float)
        taken = self.evaluations["iteration"] * self.evaluations["run"].map(steps)
        return self.evaluations[~(taken < CRITIC_STEPS)]

    @cached_property
    def iterations(self) -> "pd.Series[int]":
        """The budget of each run."""
        return self.settings.set_index("run")["iterations"].astype(int)

    def until(self, share: float) -> "Evidence":
        """Return what was known at a share of each run's budget, the same object each time.

        Replicas that diverged later are missing already: which they are is known at the end only.
        """
        if share not in self._at_shares:
            self._at_shares[share] = self._cut(share)
        return self._at_shares[share]

    @cached_property
    def _at_shares(self) -> "dict[float, Evidence]":
        return {}

    def _cut(self, share: float) -> "Evidence":
        budgets = (share * self.iterations).astype(int)

        def kept(table: pd.DataFrame) -> pd.DataFrame:
            return table[table["iteration"] <= table["run"].map(budgets)]

        return replace(
            self,
            settings=self.settings.assign(iterations=self.settings["run"].map(budgets)),
            evaluations=kept(self.evaluations),
            curves=kept(self.curves),
            measured=lambda name: kept(self.measured(name)),
        )

    @cached_property
    def ends(self) -> pd.DataFrame:
        """The last evaluation of each replica that did not diverge."""
        table = self.evaluations.sort_values("iteration")
        return table.groupby(["run", "seed"], sort=False).tail(1)

    @cached_property
    def tasks(self) -> dict[str, str]:
        """The first run of each run's kind: one configuration, names and budgets apart.

        Several experiments hold the same run, or train it longer. With one seed these are the same
        draw of chance, and no independent contexts.
        """
        keys = self.settings.drop(columns=["run", *NAMES, *BUDGETS], errors="ignore")
        runs = self.settings["run"].astype(str)
        firsts: dict[str, str] = {}
        texts = zip(runs, as_texts(keys), strict=True)
        return {run: firsts.setdefault(text, run) for run, text in texts}

    def runs(self, where: Where) -> pd.DataFrame:
        """Return the settings of the runs that have these values."""
        return chosen(self.settings, where)

    def among(self, table: pd.DataFrame, where: Where) -> pd.DataFrame:
        """Return the rows of a table that belong to these runs."""
        return table[table["run"].isin(self.runs(where)["run"])]

    def measure(self, name: str, where: Where) -> pd.DataFrame:
        """Return `run`, `seed` and the last `value` of a measure on these runs, perhaps on none."""
        along = self.along(name, where)
        return along.groupby(["run", "seed"]).tail(1)[["run", "seed", "value"]]

    def along(self, name: str, where: Where) -> pd.DataFrame:
        """Return `run`, `seed`, `iteration` and `value` of a measure along training."""
        return self.among(self.measured(name), where).sort_values("iteration")

    def at_end(self, where: Where, column: str) -> pd.DataFrame:
        """Return `run`, `seed`, `value` and `floor` of each replica at its last evaluation.

        The value is missing where a replica diverged; there is no row where nobody measured it.
        """
        if column not in self.ends:
            return _nothing("value", "floor")
        floors = self.ends.get(FLOORS.get(column, ""), pd.Series(float("nan"), self.ends.index))
        values = self.ends[["run", "seed"]].assign(value=self.ends[column], floor=floors)
        values = self.among(values[values["value"].notna()], where)
        lost = self.among(self.seeds[~self.seeds["ok"]], where)[["run", "seed"]]
        table = pd.concat([values, lost]) if len(lost) else values
        return table.astype({"value": float, "floor": float})

    def over_reference(self, where: Where, *names: str) -> pd.DataFrame:
        """Return `run`, `seed`, `floor` and as `value` the FID over the least of some references.

        Of real images of half of the classes, where none is named.
        """
        fid = self.at_end(where, "fid")
        columns = list(names or ("half_of_classes",))
        table = self.references.set_index("run").reindex(columns=columns).astype(float)
        known = table.min(axis=1).dropna()
        fid = fid[fid["run"].isin(known.index)]
        return fid.assign(value=fid["value"] / fid["run"].map(known).astype(float))

    def over_floor(self, where: Where) -> pd.DataFrame:
        """Return `run`, `seed`, `floor` and as `value` exact W1 over its run's mean floor."""
        ends = self.at_end(where, "w1")
        floors = ends.groupby("run")["floor"].transform("mean")
        return ends.assign(value=ends["value"] / floors)

    def history(self, where: Where, *columns: str) -> pd.DataFrame:
        """Return the evaluations of trained critics, in order, where these columns are known."""
        if not set(columns) <= set(self.evaluations):
            return self.evaluations.iloc[:0]
        table = self.among(self.trained_critics, where).dropna(subset=list(columns))
        return table.sort_values(["run", "seed", "iteration"])


def _nothing(*numbers: str) -> pd.DataFrame:
    """Return no row of replicas, with columns that can be computed with."""
    types = {"run": str, "seed": int, **dict.fromkeys(numbers, float)}
    return pd.DataFrame(columns=list(types)).astype(types)


def evidence_of(results: Results) -> Evidence:
    """Return the results as claims look at them; measures are read when a claim asks for them."""
    judged = results.compared
    replicas = [
        (run_id, seed.seed, seed.status == "ok")
        for run_id, record in judged.records.items()
        for seed in record.seeds
    ]
    return Evidence(
        settings=judged.settings,
        seeds=pd.DataFrame(replicas, columns=["run", "seed", "ok"]),
        evaluations=judged.evaluations[judged.evaluations["ok"]],
        curves=judged.along_training("estimate"),
        measured=lambda name: measured(judged, name),
        references=fid_references(judged),
        tuned=judged.candidates,
    )
