"""What is collected along training, and when a seed's training ends."""

from dataclasses import dataclass, field
from math import isfinite

import torch

from wganbench.records.curves import Curves
from wganbench.training.evaluation import Evaluation
from wganbench.training.flatness import is_flat
from wganbench.training.game import Game, Log
from wganbench.training.state import State

RELATIVE_RISE = 0.01  # of the normalised held-out estimate; less than this is no improvement


@dataclass
class History:
    """Rows, evaluations and the end of each replica: it diverges, converges or uses its budget.

    A replica that has ended gets no more rows, and its parameters are put back at the end, so that
    its result does not depend on how long its neighbours go on.
    """

    game: Game
    curves: Curves
    diverged_at: list[int | None]
    converged_at: list[int | None]
    evaluations: list[Evaluation] = field(default_factory=list)
    seconds_at: list[float] = field(default_factory=list)
    valid: list[list[bool]] = field(default_factory=list)
    best: dict[int, tuple[float, int]] = field(default_factory=dict)
    kept: dict[int, list[torch.Tensor]] = field(default_factory=dict)

    @classmethod
    def before(cls, game: Game, seeds: tuple[int, ...]) -> "History":
        """Return the history of a game before its first iteration."""
        return cls(game, Curves(seeds), [None] * len(seeds), [None] * len(seeds))

    def alive(self) -> list[bool]:
        ends = zip(self.diverged_at, self.converged_at, strict=True)
        return [diverged is None and converged is None for diverged, converged in ends]

    def add(self, iteration: int, log: Log) -> None:
        """Record the iteration's quantities; mark replicas whose losses are no longer finite."""
        values = {name: column.tolist() for name, column in log.items()}
        losses = [values[name] for name in self.game.algorithm.losses]
        alive = self.alive()
        for replica, own_losses in enumerate(zip(*losses, strict=True)):
            if alive[replica] and not all(map(isfinite, own_losses)):
                self.diverged_at[replica] = iteration
        self.curves.add(iteration, values, self.alive())

    def evaluated(self, evaluation: Evaluation, seconds: float) -> None:
        """Record an evaluation; end the replicas that have diverged or converged there.

        Losses are taken before a step and evaluations after it, so that a replica can diverge here
        first.
        """
        for replica, alive in enumerate(self.alive()):
            if alive and not evaluation.finite[replica]:
                self.diverged_at[replica] = evaluation.iteration
        values = {name: column.tolist() for name, column in evaluation.log.items()}
        self.curves.add(evaluation.iteration, values, self.alive(), is_evaluation=True)
        self.evaluations.append(evaluation)
        self.seconds_at.append(seconds)
        self.valid.append(self.alive())
        if self.game.configuration.patience:
            self._stop(evaluation, values)

    def settle(self) -> None:
        """Put the parameters of converged replicas back to where they converged."""
        for replica, tensors in self.kept.items():
            for tensor, kept in zip(self._tensors(), tensors, strict=True):
                tensor.data[replica] = kept

    def state(self) -> State:
        """Return what was collected, but for the evaluations, which are large."""
        kept = {
            f"{replica}.{place}": tensor
            for replica, tensors in self.kept.items()
            for place, tensor in enumerate(tensors)
        }
        facts = {
            "rows": self.curves.rows(),
            "diverged_at": self.diverged_at,
            "converged_at": self.converged_at,
            "seconds_at": self.seconds_at,
            "valid": self.valid,
            "best": [[replica, *best] for replica, best in self.best.items()],
        }
        return State(kept, facts)

    def restore(self, state: State, evaluations: list[Evaluation]) -> None:
        facts = state.facts
        self.curves.restore(facts["rows"])
        self.diverged_at, self.converged_at = facts["diverged_at"], facts["converged_at"]
        self.seconds_at, self.valid = facts["seconds_at"], facts["valid"]
        self.best = {replica: (value, since) for replica, value, since in facts["best"]}
        self.evaluations = evaluations
        count = len(self._tensors())
        replicas = {int(key.partition(".")[0]) for key in state.tensors}
        self.kept = {r: [state.tensors[f"{r}.{place}"] for place in range(count)] for r in replicas}

    def _stop(self, evaluation: Evaluation, values: dict[str, list[float]]) -> None:
        on_real, on_generated = evaluation.critic_real, evaluation.critic_generated
        assert on_real is not None, "patience needs a critic"
        assert on_generated is not None, "and it sees both laws"
        count = len(self.evaluations)
        estimates = zip(values["estimate_heldout"], values["gradient_norm_max"], strict=True)
        for replica, (estimate, norm) in enumerate(estimates):
            flat = is_flat(on_real[replica], on_generated[replica])
            if not self.alive()[replica] or flat or norm <= 0:
                continue  # a flat critic has not converged
            quotient = estimate / norm
            best, since = self.best.get(replica, (float("-inf"), 0))
            if replica not in self.best or quotient > best + RELATIVE_RISE * abs(best):
                self.best[replica] = (quotient, count)
            elif count - since >= self.game.configuration.patience:
                self.converged_at[replica] = evaluation.iteration
                self.kept[replica] = [t.data[replica].clone() for t in self._tensors()]

    def _tensors(self) -> list[torch.Tensor]:
        nets = self.game.nets().values()
        return [tensor for net in nets for tensor in net.state_dict().values()]
