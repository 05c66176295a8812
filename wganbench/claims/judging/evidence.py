"""What claims look at: tidy frames, made from results or by a test."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, partial

import pandas as pd

from wganbench.gather.load import Results
from wganbench.gather.measures import measured
from wganbench.gather.selection import Where, as_texts, chosen

NAMES = ("experiment", "method", "variant")
BUDGETS = ("iterations", "log_every", "evaluations", "samples", "patience")
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
    """Returns `run`, `seed`, `iteration` and `value` of a measure in wganbench.gather.measures."""

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
        """Return `run`, `seed` and `value` of a measure at the end of these runs, if of any."""
        table = self.among(self.measured(name), where).sort_values("iteration")
        last = table.groupby(["run", "seed"], sort=False).tail(1)
        return last.sort_values(["run", "seed"]).drop(columns="iteration")

    def at_end(self, where: Where, column: str) -> pd.DataFrame:
        """Return `run`, `seed`, `value` and `floor` of each replica at its last evaluation.

        The value is missing where a replica diverged; there is no row where nobody measured it.
        """
        if column not in self.ends:
            return pd.DataFrame(columns=["run", "seed", "value", "floor"])
        floors = self.ends.get(FLOORS.get(column, ""), pd.Series(float("nan"), self.ends.index))
        values = self.ends[["run", "seed"]].assign(value=self.ends[column], floor=floors)
        values = self.among(values[values["value"].notna()], where)
        lost = self.among(self.seeds[~self.seeds["ok"]], where)[["run", "seed"]]
        table = pd.concat([values, lost]) if len(lost) else values
        return table.astype({"value": float, "floor": float})

    def history(self, where: Where, *columns: str) -> pd.DataFrame:
        """Return the evaluations, in order, where all these columns were measured."""
        if not set(columns) <= set(self.evaluations):
            return self.evaluations.iloc[:0]
        table = self.among(self.evaluations, where).dropna(subset=list(columns))
        return table.sort_values(["run", "seed", "iteration"])


def evidence_of(results: Results) -> Evidence:
    """Return the results as claims look at them; measures are read when a claim asks for them."""
    replicas = [
        (run_id, seed.seed, seed.status == "ok")
        for run_id, record in results.records.items()
        for seed in record.seeds
    ]
    return Evidence(
        settings=results.settings,
        seeds=pd.DataFrame(replicas, columns=["run", "seed", "ok"]),
        evaluations=results.evaluations[results.evaluations["ok"]],
        curves=results.along_training("estimate"),
        measured=partial(measured, results),
    )
