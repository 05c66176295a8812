"""All results of a plan, read once into tidy frames."""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import pandas as pd
import pyarrow as pa
from jaxtyping import Shaped

from wganbench.errors import UserError
from wganbench.gather.labels import architecture, method_label
from wganbench.gather.selection import settings_of
from wganbench.gather.tuning import CANDIDATES, candidates, tuned_of
from wganbench.plan.runs import Run
from wganbench.plan.steps import MEASUREMENTS
from wganbench.records.curves import SCHEMA as CURVES
from wganbench.records.curves import read_curves
from wganbench.records.data import DATA, read_data, read_manifest
from wganbench.records.run import RunRecord, read_record
from wganbench.records.samples import Samples, read_samples

KEY = ["run", "seed", "iteration"]
_AGAIN = " again"  # of a column that an earlier table has too
T = TypeVar("T")
# Axes of a grid that figures or labels show by themselves; any other becomes part of the label.
_LAID_OUT = (
    "method", "data.", "generator.", "critic.", "variant", "constraint.",
    "unrolled_steps", "second_term",
)  # fmt: skip


@dataclass(frozen=True)
class Results:
    """The results of some runs.

    Frames are long: `curves` has one row per run, seed and logged iteration, `evaluations` one per
    run, seed and evaluation point, with distances and fidelity beside the critic's estimate. Both
    carry the run's facts (label, data, kind, ...); `ok` is False for seeds that diverged.
    """

    folder: Path
    data: Path
    runs: Mapping[str, Run]
    records: Mapping[str, RunRecord]
    facts: pd.DataFrame
    logged: Mapping[str, pa.Table]
    """Each run's curves as they are in its file, a tenth of what the frame takes."""
    evaluations: pd.DataFrame
    candidates: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(CANDIDATES)))
    """The runs among which tuning chooses, as `tuning.candidates` returns them: of any selection
    all that were loaded."""
    _kept: dict[Hashable, Any] = field(default_factory=dict, repr=False)

    @cached_property
    def curves(self) -> pd.DataFrame:
        """The frame of the selected runs alone; what is drawn is a small part of a large grid."""
        return _described(self.logged, self.facts, self.records)

    def along_training(self, column: str) -> pd.DataFrame:
        """Return `run`, `seed`, `iteration` and a column of the curves, without diverged seeds."""
        names = ["seed", "iteration", column]
        tables = {run_id: table.select(names) for run_id, table in self.logged.items()}
        rows = _rows(tables, pa.schema([CURVES.field(name) for name in names]))
        return rows.merge(_ok(self.records)[["run", "seed"]], on=["run", "seed"])

    @cached_property
    def settings(self) -> pd.DataFrame:
        """A row for each run, with its dotted settings: what `selection.chosen` looks at."""
        return settings_of(self.runs.values())

    @cached_property
    def compared(self) -> "Results":
        """The runs that comparisons show and claims judge: all but candidates."""
        return self._select(~self.facts["run"].isin(self.candidates["run"]))

    def where(self, **wanted: str) -> "Results":
        """Return the runs whose facts have these values, as in `where(kind="law")`."""
        return self._select((self.facts[list(wanted)] == pd.Series(wanted)).all(axis="columns"))

    def among(self, experiments: Iterable[str]) -> "Results":
        return self._select(self.facts["experiment"].isin(set(experiments)))

    def select(self, runs: Iterable[str]) -> "Results":
        return self._select(self.facts["run"].isin(set(runs)))

    def _select(self, chosen: pd.Series) -> "Results":
        ids = set(self.facts.loc[chosen, "run"])
        return replace(
            self,
            runs={run_id: run for run_id, run in self.runs.items() if run_id in ids},
            records={run_id: record for run_id, record in self.records.items() if run_id in ids},
            facts=self.facts[chosen],
            logged={run_id: table for run_id, table in self.logged.items() if run_id in ids},
            evaluations=self.evaluations[self.evaluations["run"].isin(ids)],
        )

    def once(self, key: Hashable, make: Callable[[], T]) -> T:
        """Return what `make` returned under this key first, to any selection of these results."""
        if key not in self._kept:
            self._kept[key] = make()
        kept: T = self._kept[key]
        return kept

    def replicas(self, run: str) -> dict[int, int]:
        """Return the row that each seed that did not diverge has in stacked arrays."""
        return self.records[run].replicas()

    def evaluated(
        self, run: str, samples: Samples
    ) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
        """Yield seed and iteration of a run's evaluations, and their places in stacked arrays.

        Seeds that diverged have none, and one that stopped early has none after that.
        """
        for seed, row in self.replicas(run).items():
            for evaluation in np.flatnonzero(samples.valid[row]).tolist():
                yield (seed, int(samples.iterations[evaluation])), (row, evaluation)

    def last(self, run: str, samples: Samples) -> dict[int, tuple[int, int]]:
        """Return the place of each seed's last evaluation in stacked arrays, by seed."""
        return {seed: place for (seed, _), place in self.evaluated(run, samples)}

    def samples(self, run: str) -> Samples:
        """Return a run's samples, read anew: they are too large to keep.

        Raises:
            UserError: the file is missing or damaged.
        """
        return read_samples(self.folder / run / "samples.npz", self.runs[run])

    def training_images(self, run: str) -> Shaped[np.ndarray, "n channel height width"]:
        """Return the training part of a run's data set; 8-bit images are mapped from the disk.

        Raises:
            UserError: the data file is missing, damaged, or not the one that it was trained on.
        """
        data = self.runs[run].configuration.data
        path = self.data / f"{data.id}.npz"
        trained_on = self.records[run].provenance.data_sha256
        images = read_data(data, self.data).train
        if read_manifest(path).sha256 != trained_on:
            raise UserError(f"{path}: is not the file that {run} was trained on; train it again")
        return images

    def final(self) -> pd.DataFrame:
        """Return the last evaluation of every seed that did not diverge."""
        table = self.evaluations
        return table[table["ok"] & (table["iteration"] == table["iterations"])]

    def diverged(self) -> list[str]:
        """Return a phrase for each run with diverged seeds."""
        phrases = []
        for run_id, record in self.records.items():
            lost = [s for s in record.seeds if s.status != "ok"]
            if lost:
                at = ", ".join(f"seed {s.seed} at iteration {s.diverged_at}" for s in lost)
                phrases.append(f"{run_id}: {len(lost)} of {len(record.seeds)} ({at})")
        return phrases


def load_results(runs: Iterable[Run], folder: Path, data: Path = DATA) -> Results:
    """Read every run's record, curves, distances and coverage; data are read when asked for.

    Raises:
        UserError: a file is missing, damaged, or of another run.
    """
    planned = {run.id: run for run in runs}
    if not planned:
        raise UserError("the plan has no runs at this scale, so there is nothing to report")
    records = {run_id: _record(run, folder / run_id) for run_id, run in planned.items()}
    facts = _labelled(pd.DataFrame([_facts(run) for run in planned.values()]))
    logged = {run_id: _logged(run, folder / run_id) for run_id, run in planned.items()}
    saved = {run_id: table.filter(table["is_evaluation"]) for run_id, table in logged.items()}
    evaluations = _measured(planned, folder, _described(saved, facts, records))
    tried = candidates(tuned_of(planned.values()), evaluations)
    _check_choices(tried)
    return Results(folder, data, planned, records, facts, logged, evaluations, tried)


def _check_choices(tried: pd.DataFrame) -> None:
    """Refuse a compared run whose setting is not the best of its candidates."""
    other = tried[~tried["chosen"].astype(bool) & (tried["compared"] != "")]
    for run, experiment in zip(other["compared"], other["experiment"], strict=True):
        raise UserError(
            f"{run}: another setting is the best of its candidates by now; run `wganbench choose "
            f"{experiment}` and train what it chooses"
        )


def estimated(evaluations: pd.DataFrame, part: str = "heldout") -> pd.Series:
    """Return the estimate of what the objective is about, on held-out or `train`ing samples.

    A divergence where it has one of its own, else the difference of the critic's means.
    """
    divergence = evaluations[f"divergence_{part}"]
    return divergence.where(divergence.notna(), evaluations[f"estimate_{part}"])


def _record(run: Run, folder: Path) -> RunRecord:
    path = folder / "run.json"
    record = read_record(path)
    if record.digest != run.digest or record.id != run.id:
        raise UserError(f"{path}: is the record of another run, {record.id}; train {run.id} again")
    return record


def _logged(run: Run, folder: Path) -> pa.Table:
    path = folder / "curves.parquet"
    table = read_curves(path)
    seeds, iterations = (table[name].to_numpy() for name in ("seed", "iteration"))
    is_within = (iterations >= 1) & (iterations <= run.configuration.iterations)
    if not (is_within & np.isin(seeds, run.seeds)).all():
        raise UserError(f"{path}: is another run's file; train {run.id} again")
    return table


def _rows(tables: Mapping[str, pa.Table], columns: pa.Schema) -> pd.DataFrame:
    """Return the rows of runs' tables in one frame, with a column `run`, in double precision.

    There are these columns without any run too; what a run's table lacks is missing in its rows.
    """
    parts = [columns.empty_table(), *tables.values()]
    frame: pd.DataFrame = pa.concat_tables(parts, promote_options="default").to_pandas()
    frame = frame.astype(dict.fromkeys(frame.select_dtypes("float32").columns, "float64"))
    runs = pd.Series(list(tables), dtype="str").repeat([len(table) for table in tables.values()])
    return frame.assign(run=runs.array)


def _described(
    tables: Mapping[str, pa.Table], facts: pd.DataFrame, records: Mapping[str, RunRecord]
) -> pd.DataFrame:
    """Return the rows of runs' curves with the runs' facts beside them."""
    frame = _rows(tables, CURVES).merge(facts, on="run")
    frame = frame.merge(_ok(records), on=["run", "seed"], how="left")
    return frame.assign(ok=frame["ok"].eq(True), steps=frame["iteration"] * frame["per_step"])


def _ok(records: Mapping[str, RunRecord]) -> pd.DataFrame:
    rows = [(run_id, seed, True) for run_id, r in records.items() for seed in r.ok_seeds()]
    return pd.DataFrame(rows, columns=["run", "seed", "ok"])


def _facts(run: Run) -> dict[str, Any]:
    configuration = run.configuration
    named = {key: value for key, value in run.compared_as.items() if value != configuration.method}
    extra = [f"{k} {v}" for k, v in named.items() if not k.startswith(_LAID_OUT)]
    label = ", ".join([method_label(configuration, run.tuned), *extra])
    return {
        "run": run.id,
        "experiment": run.experiment,
        "label": label,
        "line": ", ".join(filter(None, [label, configuration.variant])),
        "architecture": architecture(run),
        "data": configuration.data.name,
        "data_id": configuration.data.id,
        "kind": configuration.data.kind,
        "iterations": configuration.iterations,
        "log_every": configuration.log_every,
        # Gradient steps of all players: what methods with different critic steps have in common.
        "per_step": configuration.steps_per_iteration(),
    }


def _labelled(facts: pd.DataFrame) -> pd.DataFrame:
    """Add the architecture to labels where figures do not lay several out.

    That a run has no critic is no other architecture.
    """
    has_critic = facts["architecture"].str.contains(" critic")
    alike = facts.groupby([facts["experiment"], has_critic])["architecture"]
    several = alike.transform("nunique") > 1
    alone = ~several | (facts["kind"] == "images")
    return facts.assign(
        label=facts["label"].where(alone, facts["label"] + ", " + facts["architecture"])
    )


def _measured(planned: Mapping[str, Run], folder: Path, evaluations: pd.DataFrame) -> pd.DataFrame:
    """Return evaluations with every measurement's columns beside them.

    Of a column that several have, the first that knows a value counts. Lists are left in the files.
    """
    table = evaluations
    for step in MEASUREMENTS:
        fields = [column for column in step.schema if not pa.types.is_nested(column.type)]
        names = [column.name for column in fields]
        parts = {
            run_id: step.read(folder / run_id / step.file, run.digest).select(names)
            for run_id, run in planned.items()
            if step.applies(run)
        }
        measured = _rows(parts, pa.schema(fields))
        table = table.merge(_typed(measured, fields), on=KEY, how="left", suffixes=("", _AGAIN))
        for name in [name for name in names if name + _AGAIN in table]:
            table[name] = table[name].fillna(table.pop(name + _AGAIN))
    return table.copy()  # in one piece: each merge leaves columns apart, which every look gathers


def _typed(table: pd.DataFrame, fields: Sequence[pa.Field]) -> pd.DataFrame:
    """Return counts, flags and numbers as floats, which know a missing value, and texts as such."""
    numbers = [f.name for f in fields if f.type != pa.string() and f.name not in KEY]
    return table.astype({"seed": int, "iteration": int} | dict.fromkeys(numbers, float))
