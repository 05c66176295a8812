"""The training loop: everything that changes from one iteration to the next, and how it goes on."""

import time
from functools import cached_property

import numpy as np

from wganbench.data import Arrays
from wganbench.evaluation_points import evaluation_points
from wganbench.plan.configuration import Configuration
from wganbench.records.samples import Samples
from wganbench.training.evaluation import Evaluation, Evaluator
from wganbench.training.game import Game, Log
from wganbench.training.history import History
from wganbench.training.progress import TrainingProgress
from wganbench.training.state import State, named, under


class Training:
    """A training between two iterations."""

    def __init__(
        self, configuration: Configuration, arrays: Arrays, seeds: tuple[int, ...], device: str
    ) -> None:
        self.configuration = configuration
        self.game = Game(configuration, arrays, seeds, device)
        self.evaluator = Evaluator(self.game, arrays)
        self.history = History.before(self.game, seeds)
        self.points = set(evaluation_points(configuration))
        self.iteration = 0
        self.seconds = 0.0  # in training steps, evaluation apart
        self.seconds_before = 0.0  # of the processes that this training goes on from, together
        self.resumed_at: list[int] = []
        self._started = time.perf_counter()

    def is_over(self) -> bool:
        """Tell whether the budget is used, or every replica has diverged or converged."""
        return self.iteration == self.configuration.iterations or not any(self.history.alive())

    def advance(self, progress: TrainingProgress | None = None) -> None:
        """Take one iteration, and evaluate after it where that is due."""
        started = time.perf_counter()
        self.iteration += 1
        log = self.game.iterate()
        is_point = self.iteration in self.points
        if self.iteration % self.configuration.log_every == 0 or is_point:
            self.history.add(self.iteration, log)
            if progress:
                progress.update(self.iteration, _shown(log))
        self.seconds += time.perf_counter() - started
        if is_point or not any(self.history.alive()):
            self.history.evaluated(self.evaluator.evaluate(self.iteration), self.seconds)

    @cached_property
    def samples(self) -> Samples:
        """What is saved of the samples when training is over."""
        evaluations, critic = self.history.evaluations, self.evaluator.critic
        arrays = [evaluation.arrays() for evaluation in evaluations]
        stacked = {name: np.stack([a[name] for a in arrays], axis=1) for name in arrays[0]}
        return Samples(
            seeds=np.array(self.history.curves.seeds, dtype=np.int64),
            iterations=np.array([e.iteration for e in evaluations], dtype=np.int64),
            valid=np.array(self.history.valid, dtype=bool).T,
            real=self.evaluator.real_for_file(),
            grid_points=None if critic is None else critic.grid_points,
            **stacked,
        )

    def state(self) -> State:
        """Return all that a training of the same configuration needs to go on from here."""
        history = self.history.state()
        facts = {
            "iteration": self.iteration,
            "seconds": self.seconds,
            "seconds_before": self.seconds_before + time.perf_counter() - self._started,
            "resumed_at": self.resumed_at,
            "steps": {name: player.steps for name, player in self.game.players.items()},
            "history": history.facts,
        }
        streams = self.game.task.streams
        tensors = named("streams", streams.state()) | named("history", history.tensors)
        for name, player in self.game.players.items():
            tensors |= named(f"{name} net", player.net.state_dict())
            tensors |= named(f"{name} optimiser", player.state.tensors())
        return State(tensors, facts)

    def restore(self, state: State, evaluations: list[Evaluation]) -> None:
        """Go to where the state was taken; a training of the same configuration can."""
        self.game.forget_recordings()
        self.iteration, self.seconds = state.facts["iteration"], state.facts["seconds"]
        self.seconds_before = state.facts["seconds_before"]
        self.resumed_at = [*state.facts["resumed_at"], self.iteration]
        for name, player in self.game.players.items():
            player.net.load_state_dict(under(f"{name} net", state.tensors))
            steps = state.facts["steps"][name]
            player.state.restore(steps, under(f"{name} optimiser", state.tensors))
        self.game.task.streams.restore(under("streams", state.tensors))
        self.history.restore(
            State(under("history", state.tensors), state.facts["history"]), evaluations
        )


def _shown(log: Log) -> tuple[str, list[float]]:
    """Return the name and the replicas' values of the quantity that shows how a training goes."""
    name = "estimate" if "estimate" in log else next(iter(log))
    return name, log[name].tolist()
