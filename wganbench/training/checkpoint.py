"""Checkpoints: an interrupted run goes on, bit for bit.

A run's checkpoint is a folder outside the results, where neither Snakemake nor DVC clears up:
`state`, replaced as training goes on, and `evaluation-K` for each evaluation so far, written once.
"""

import shutil
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch
from rich.console import Console

from wganbench.errors import UserError
from wganbench.records.layout import CHECKPOINT_EVERY
from wganbench.training.evaluation import Evaluation
from wganbench.training.loop import Training
from wganbench.training.state import State, read_state, write_state

SCHEMA_VERSION = 4
STATE = "state"
FEW = 4  # evaluation points that a line names


@dataclass(frozen=True)
class Identity:
    """What a checkpoint must have in common with the training that goes on from it."""

    run: str
    """Digest of configuration and seeds."""
    code: str
    """Digest of the training code."""
    data: str
    """SHA-256 of the data file."""
    device: str
    torch: str
    schema_version: int = SCHEMA_VERSION


class Checkpoints:
    """The checkpoint of one run: when it is written, and what is made of the one that is there."""

    def __init__(self, folder: Path, identity: Identity, every: float = CHECKPOINT_EVERY) -> None:
        self.folder, self.identity, self.every = folder, identity, every
        self._console = Console(stderr=True, highlight=False, soft_wrap=True, markup=False)
        self._last = time.monotonic()
        self._written: dict[int, str] = {}  # evaluations on disk: iteration and digest

    def resume(self, training: Training) -> None:
        """Put a fresh training where the checkpoint was taken, if there is one.

        One that is damaged or belongs to another training is reported, and training starts over.
        """
        try:
            self.restore(training)
        except FileNotFoundError:
            return
        except UserError as error:
            self.say(f"{error}; training starts over")
            self.discard()
            return
        self.say(f"{self.folder}: goes on after iteration {training.iteration}")

    def restore(self, training: Training) -> None:
        """Put a fresh training where the checkpoint was taken.

        Raises:
            FileNotFoundError: there is none.
            UserError: it is damaged, or of another training.
        """
        state = read_state(self.folder / STATE)
        self._refuse_foreign(state)
        done = state.facts["iteration"]
        before, now = (
            [point for point in points if point <= done]
            for points in (state.facts["points"], sorted(training.points))
        )
        if before != now:
            raise UserError(
                f"{self.folder / STATE}: was evaluated after iterations {_few(before)}, this run "
                f"is after {_few(now)}"
            )
        training.restore(state, self._evaluations(state))

    def say(self, line: str) -> None:
        self._console.print(line)

    def save_if_due(self, training: Training) -> None:
        """Write a checkpoint if the last one is old enough."""
        if time.monotonic() - self._last >= self.every:
            self.save(training)

    def save(self, training: Training) -> bool:
        """Write a checkpoint; where the disk is full or read-only, report it and go on without."""
        try:
            self._save(training)
        except (OSError, UserError) as error:
            self.say(f"{self.folder}: no checkpoint was written: {error}")
            return False
        finally:
            self._last = time.monotonic()
        return True

    def discard(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)
        self._written.clear()

    def _save(self, training: Training) -> None:
        for evaluation in training.history.evaluations:
            if evaluation.iteration not in self._written:
                path = self._path(evaluation.iteration)
                self._written[evaluation.iteration] = write_state(_measured(evaluation), path)
        state = training.state()
        facts = {
            "identity": asdict(self.identity),
            "points": sorted(training.points),
            "evaluations": list(self._written.items()),
        }
        write_state(State(state.tensors, {**state.facts, **facts}), self.folder / STATE)

    def _refuse_foreign(self, state: State) -> None:
        found = state.facts.get("identity", {})
        for key, wanted in asdict(self.identity).items():
            if found.get(key) != wanted:
                raise UserError(
                    f"{self.folder / STATE}: {key}: is {found.get(key)} there, now {wanted}"
                )

    def _evaluations(self, state: State) -> list[Evaluation]:
        evaluations = []
        for iteration, digest in state.facts["evaluations"]:
            path = self._path(iteration)
            try:
                found = read_state(path, digest)
            except FileNotFoundError:
                raise UserError(f"{path}: is missing") from None
            evaluations.append(_evaluation(found))
            self._written[iteration] = digest
        return evaluations

    def _path(self, iteration: int) -> Path:
        return self.folder / f"evaluation-{iteration}"


def _few(points: list[int]) -> str:
    shown = ", ".join(map(str, points[:FEW]))
    return f"{shown}, ..." if len(points) > FEW else shown or "none"


def _measured(evaluation: Evaluation) -> State:
    arrays = {name: torch.from_numpy(array) for name, array in evaluation.arrays().items()}
    return State(arrays, {"iteration": evaluation.iteration, "finite": evaluation.finite})


def _evaluation(state: State) -> Evaluation:
    arrays: dict[str, Any] = {name: tensor.numpy() for name, tensor in state.tensors.items()}
    return Evaluation(**state.facts, **arrays, log={})
