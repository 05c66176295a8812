"""A finished run trained again from its own record, and whether the same came out."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from rich.console import Console

from wganbench.compare.numbers import CONFIDENCE, Change, change
from wganbench.compare.recorded import recorded_run
from wganbench.console import plain_table
from wganbench.errors import UserError
from wganbench.files import sha256_of
from wganbench.locks import writing
from wganbench.plan.steps import TRAIN
from wganbench.records.curves import COLUMNS, read_curves
from wganbench.records.data import DATA, check_file
from wganbench.records.layout import CHECKPOINT_EVERY, RECORD, RUNS, TRAINED
from wganbench.records.run import RunRecord

REPLAYS = Path("scratch/replay")
Outcome = Literal["identical", "within the seeds' spread", "different"]
FILES = tuple(file for file in TRAINED if file != RECORD)


@dataclass(frozen=True)
class Replay:
    """What came out of training a run again."""

    run: str
    outcome: Outcome
    differing: list[str]
    """Files whose bytes are not the same."""
    changes: list[Change]
    """The curves' last values that are not the same, over the seeds."""
    surroundings: list[str]
    """What was not the same beforehand: code, versions, device."""


def found_run(name: str) -> Path:
    """Return a finished run's folder, by its id or by the folder itself."""
    for folder in (RUNS / name, Path(name)):
        if (folder / RECORD).is_file():
            return folder
    raise UserError(
        f"{name!r}: is no finished run, neither in {RUNS}/ nor as a folder with a {RECORD}; "
        "`wganbench status` tells which are done"
    )


def replay(
    folder: Path,
    device: str = "cpu",
    every: float = CHECKPOINT_EVERY,
    replays: Path = REPLAYS,
    data: Path = DATA,
) -> Replay:
    """Train a finished run again, beside the results, and compare.

    Nothing in its folder changes; `replays` gets the new run's files.

    Raises:
        UserError: the record or another of the run's files cannot be read, or the data are not
            those that the run was trained on.
        StoppedError: a signal asked to stop; the same replay goes on from its checkpoint.
    """
    from wganbench.training.train import train_run

    run, record = recorded_run(folder)
    data_file = data / f"{run.configuration.data.id}.npz"
    if (found := check_file(data_file).sha256) != record.provenance.data_sha256:
        raise UserError(
            f"{data_file}: has sha256 {found}, {run.id} was trained on "
            f"{record.provenance.data_sha256}; bring those data back (`dvc checkout`)"
        )
    target = replays / run.id
    with writing(f"{replays.name}/{run.id}", TRAIN.locks):
        again = train_run(
            run, target, device, data, replays / "checkpoints", every,
            kept_states=replays / "kept",  # there are none: all of it is trained again
        )  # fmt: skip
    differing = [file for file in FILES if sha256_of(folder / file) != sha256_of(target / file)]
    changes = _changes(folder, target) if differing else []
    return Replay(
        run=run.id,
        outcome=_outcome(record, again, differing, changes),
        differing=differing,
        changes=changes,
        surroundings=list(_surroundings(record, again)),
    )


def _outcome(
    record: RunRecord, again: RunRecord, differing: list[str], changes: list[Change]
) -> Outcome:
    if not differing:
        return "identical"
    # With one seed there is no spread, and nothing that explains a change.
    explained = all(c.within for c in changes) and record.ok_seeds() == again.ok_seeds()
    return "within the seeds' spread" if explained else "different"


def _changes(old: Path, new: Path) -> list[Change]:
    """Return the columns of the curves whose last values, one a seed, are not the same."""
    ours, theirs = (_ends(folder) for folder in (old, new))
    both = [name for name in COLUMNS if len(ours[name]) and len(theirs[name])]
    # Bonferroni: every column within, all together, in 95% of replays that are the same in law.
    confidence = 1 - (1 - CONFIDENCE) / len(both)
    return [
        change(name, ours[name], theirs[name], confidence)
        for name in both
        if not np.array_equal(ours[name], theirs[name])
    ]


def _ends(folder: Path) -> dict[str, np.ndarray]:
    curves = read_curves(folder / "curves.parquet").to_pandas().sort_values("iteration")
    return {name: curves.groupby("seed")[name].last().dropna().to_numpy(float) for name in COLUMNS}


def _surroundings(record: RunRecord, again: RunRecord) -> Iterator[str]:
    facts = {"code_digest", "device", "device_name", "python", "platform", "threads"}
    provenances = (record.provenance, again.provenance)
    before, now = (p.model_dump(include=facts) | p.packages | p.plugins for p in provenances)
    for name in sorted(before.keys() | now.keys()):
        if before.get(name) != now.get(name):
            yield f"{name}: {before.get(name)} then, {now.get(name)} now"


def print_replay(replayed: Replay) -> None:
    """Print the outcome, what may explain it, and the numbers that changed."""
    console = Console(highlight=False, soft_wrap=True)
    lines = [f"{replayed.run}: {replayed.outcome}", *replayed.surroundings]
    if replayed.differing:
        lines.append(f"other bytes: {', '.join(replayed.differing)}")
    console.print("\n  ".join(lines), markup=False)
    if replayed.changes:
        headings = ("last value of", "then", "now", "interval of the change", "")
        console.print(plain_table(headings, map(_described, replayed.changes), indent=1))


def _described(c: Change) -> tuple[str, ...]:
    ends = "one seed" if c.low is None else f"[{c.low:.3g}, {c.high:.3g}]"
    verdict = {None: "", True: "holds 0", False: "does not hold 0"}[c.within]
    return c.metric, f"{c.old:.6g}", f"{c.new:.6g}", ends, verdict
