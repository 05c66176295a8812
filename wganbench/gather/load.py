"""All results of a plan, read once into tidy frames."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from jaxtyping import Shaped

from wganbench.errors import UserError
from wganbench.gather.labels import architecture, method_label
from wganbench.plan.runs import Run
from wganbench.records.curves import read_curves
from wganbench.records.data import DATA, read_data, read_manifest
from wganbench.records.fidelity import COUNTS, NUMBERS, read_fidelity
from wganbench.records.layout import FIDELITY, TRANSPORT, measured
from wganbench.records.run import RunRecord, read_record
from wganbench.records.samples import Samples, read_samples
from wganbench.records.transport import read_transport

KEY = ["run", "seed", "iteration"]
# Columns of curves that hold something at evaluation points only.
AT_EVALUATIONS = ["estimate_heldout", "gradient_norm_max", "gradient_norm_interpolates"]
# Axes of a grid that figures or labels tell by themselves; any other becomes part of the label.
_LAID_OUT = ("method", "data.", "generator.", "critic.", "variant", "constraint.")


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
    curves: pd.DataFrame
    evaluations: pd.DataFrame

    def of(self, **wanted: str) -> "Results":
        """Return the runs whose facts have these values, as in `of(kind="law")`."""
        chosen = (self.facts[list(wanted)] == pd.Series(wanted)).all(axis="columns")
        return self._where(chosen)

    def among(self, experiments: Iterable[str]) -> "Results":
        """Return the runs of these experiments."""
        return self._where(self.facts["experiment"].isin(set(experiments)))

    def select(self, runs: Iterable[str]) -> "Results":
        """Return these runs."""
        return self._where(self.facts["run"].isin(set(runs)))

    def _where(self, chosen: pd.Series) -> "Results":
        facts = self.facts
        ids = set(facts.loc[chosen, "run"])
        return Results(
            folder=self.folder,
            data=self.data,
            runs={run_id: run for run_id, run in self.runs.items() if run_id in ids},
            records={run_id: record for run_id, record in self.records.items() if run_id in ids},
            facts=facts[chosen],
            curves=self.curves[self.curves["run"].isin(ids)],
            evaluations=self.evaluations[self.evaluations["run"].isin(ids)],
        )

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
    curves = pd.concat(
        [_curves(run, folder / run_id).assign(run=run_id) for run_id, run in planned.items()]
    )
    ok = pd.DataFrame(
        [(run_id, seed, True) for run_id, r in records.items() for seed in r.ok_seeds()],
        columns=["run", "seed", "ok"],
    )
    widened = curves.select_dtypes("float32").columns
    curves = curves.astype(dict.fromkeys(widened, "float64"))
    curves = curves.merge(facts, on="run").merge(ok, on=["run", "seed"], how="left")
    curves = curves.assign(ok=curves["ok"].eq(True), steps=curves["iteration"] * curves["per_step"])
    evaluations = _evaluations(planned, folder, curves)
    return Results(folder, data, planned, records, facts, curves, evaluations)


def told(evaluations: pd.DataFrame, part: str = "heldout") -> pd.Series:
    """Return what the critic says on held-out (or training) samples: a distance or a divergence."""
    divergence = evaluations[f"divergence_{part}"]
    return divergence.where(divergence.notna(), evaluations[f"estimate_{part}"])


def _record(run: Run, folder: Path) -> RunRecord:
    path = folder / "run.json"
    record = read_record(path)
    if record.digest != run.digest or record.id != run.id:
        raise UserError(f"{path}: is the record of another run, {record.id}; train {run.id} again")
    return record


def _curves(run: Run, folder: Path) -> pd.DataFrame:
    path = folder / "curves.parquet"
    curves: pd.DataFrame = read_curves(path).to_pandas()
    ours = curves["seed"].isin(run.seeds) & curves["iteration"].between(
        1, run.configuration.iterations
    )
    if not ours.all():
        raise UserError(f"{path}: is another run's file; train {run.id} again")
    return curves


def _facts(run: Run) -> dict[str, Any]:
    configuration = run.configuration
    extra = [f"{k} {v}" for k, v in run.point.items() if not k.startswith(_LAID_OUT)]
    label = ", ".join([method_label(configuration), *extra])
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
        # Gradient steps, the critic's and the generator's, per iteration: what methods with
        # different numbers of critic steps have in common.
        "per_step": configuration.steps_per_iteration(),
    }


def _labelled(facts: pd.DataFrame) -> pd.DataFrame:
    """Tell architectures apart by label where figures do not lay them out."""
    several = facts.groupby("experiment")["architecture"].transform("nunique") > 1
    told = several & (facts["kind"] != "images")
    return facts.assign(
        label=facts["label"].where(~told, facts["label"] + ", " + facts["architecture"])
    )


def _evaluations(planned: Mapping[str, Run], folder: Path, curves: pd.DataFrame) -> pd.DataFrame:
    table = curves[curves[AT_EVALUATIONS].notna().any(axis="columns")].copy()
    for part in (_distances(planned, folder), _fidelity(planned, folder)):
        table = table.merge(part, on=KEY, how="left")
    return table


def _distances(planned: Mapping[str, Run], folder: Path) -> pd.DataFrame:
    return _gathered(
        {
            run_id: read_transport(folder / run_id / TRANSPORT, run.digest).to_pandas()
            for run_id, run in planned.items()
            if TRANSPORT in measured(run.configuration, run.extractor)
        },
        [
            "w1",
            "normalised",
            "w1_fresh",
            "w1_fresh_sd",
            "floor",
            "floor_sd",
            "w1_true",
            "c_transform_normalised",
            "certified",
        ],
    )


def _fidelity(planned: Mapping[str, Run], folder: Path) -> pd.DataFrame:
    """Return mode coverage of mixtures and fidelity of images; `is_best` is 1 at the lowest FID."""
    return _gathered(
        {
            run_id: read_fidelity(folder / run_id / FIDELITY, run.digest).to_pandas()
            for run_id, run in planned.items()
            if FIDELITY in measured(run.configuration, run.extractor)
        },
        [*COUNTS, *NUMBERS, "is_best"],
        ["extractor"],
    )


def _gathered(
    tables: Mapping[str, pd.DataFrame], columns: list[str], texts: Sequence[str] = ()
) -> pd.DataFrame:
    empty = pd.DataFrame(columns=[*KEY, *columns, *texts])
    empty = empty.astype({"seed": int, "iteration": int} | dict.fromkeys(columns, float))
    parts = [table.assign(run=run_id)[list(empty)] for run_id, table in tables.items()]
    return pd.concat(parts).astype(empty.dtypes) if parts else empty
