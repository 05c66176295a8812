"""Ways of training: one module per algorithm, found by its name.

An algorithm has players (nets with their optimisers, by name), an iteration, and samples of its
own. It may have a critic: the player of that name, whose values are then recorded at every
evaluation. Its fields are the settings that it takes; in experiment files they stand beside all
others.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar

from wganbench.plugins import Plugin

if TYPE_CHECKING:
    from jaxtyping import Float
    from torch import Tensor

    from wganbench.data import DataSet
    from wganbench.training.game import Game, Log, Player, Task


class Algorithm(Plugin):
    """One way of training."""

    losses: ClassVar[tuple[str, ...]]
    """Of what `iterate` returns: a replica has diverged when one of these is no longer finite."""
    columns: ClassVar[Mapping[str, str]] = {}
    """What it logs besides the columns that all curves have: name, and what it holds."""

    def misfit(self, data: DataSet) -> str:
        """Return why it cannot be trained on this data set, or nothing if it can.

        A pair of laws leaves a generator nothing to learn.
        """
        reason = "trains a model, and a pair gives both laws; write `algorithm: critic-only`"
        return unfit("algorithm", self, data, reason if data.kind == "pair" else "")

    def steps_per_iteration(self, iterations: int) -> float:
        """Return the gradient steps of an iteration, all players', averaged over so many."""
        raise NotImplementedError

    def players(self, task: Task) -> dict[str, Player]:
        """Return the players by name, made by `task.player`, before the first iteration."""
        raise NotImplementedError

    def iterate(self, game: Game) -> Log:
        """Take one iteration and return its quantities, one number for each replica."""
        raise NotImplementedError

    def kind_of_iteration(self, game: Game) -> int:
        """Return a number that tells iterations apart that do not take the same steps.

        On a GPU one iteration of each kind is recorded, and taken from the recording from then on.
        """
        return 0

    def latents(self, task: Task, count: int) -> Float[Tensor, "replica count *latent"]:
        """Return what so many samples are generated from at every evaluation."""
        raise NotImplementedError

    def generate(
        self, game: Game, latents: Float[Tensor, "replica n *latent"]
    ) -> Float[Tensor, "replica n *shape"]:
        """Return a sample for each latent."""
        raise NotImplementedError

    def estimates(
        self, real: Float[Tensor, "replica n"], fake: Float[Tensor, "replica m"]
    ) -> dict[str, Float[Tensor, " replica"]]:
        """Return what the critic's values estimate: `estimate`, and `divergence` if they do one."""
        return {}


def unfit(setting: str, part: Plugin, data: DataSet, reason: str) -> str:
    """Return why a part does not fit a data set, as a sentence; nothing without a reason."""
    named = f"{setting} {part.name!r} does not go with data.name {data.name!r}"
    return f"{named}: it {reason}" if reason else ""
