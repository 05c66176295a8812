"""Whole iterations recorded once and taken again: CUDA graphs.

An iteration on small nets is hundreds of kernels that each run shorter than Python takes to launch
them. A recording launches them all at once. It computes what the iteration computes, to the last
bit: it is the same kernels on the same numbers, and random generators are told of it.
"""

from __future__ import annotations

import sys
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch

if TYPE_CHECKING:
    from wganbench.training.game import Game, Log

BEFORE = 3  # iterations as they are, in which all is made that is made once: workspaces, slots


class Recorder:
    """Takes a game's iterations, on a GPU by recordings from the fourth of each kind on."""

    def __init__(self, game: Game) -> None:
        self.game = game
        self._taken: Counter[int] = Counter()
        self._recordings: dict[int, Recording] = {}
        # Samples that do not fit into the device's memory are drawn on the host.
        self._possible = game.task.streams.device.type == "cuda" and game.task.sampler.on_device

    def iterate(self) -> Log:
        kind = self.game.algorithm.kind_of_iteration(self.game)
        if self._possible and kind not in self._recordings and self._taken[kind] >= BEFORE:
            self._record(kind)
        if kind in self._recordings:
            return self._recordings[kind].take()
        self._taken[kind] += 1
        return self.game.algorithm.iterate(self.game)

    def _record(self, kind: int) -> None:
        try:
            self._recordings[kind] = Recording.of(self.game)
        except RuntimeError as error:
            self._possible = False
            self.game.task.streams.renew()
            reason = str(error).partition("\n")[0]
            sys.stderr.write(f"wganbench: trains without CUDA graphs, slower: {reason}\n")


@dataclass(frozen=True)
class Recording:
    """One iteration on the memory that the game's state lies in, and stays in."""

    game: Game
    graph: torch.cuda.CUDAGraph
    log: Log
    steps: dict[str, int]

    @classmethod
    def of(cls, game: Game) -> Recording:
        """Record the next iteration without taking it.

        Raises:
            RuntimeError: it does what cannot be recorded, such as wait for a number.
        """
        graph = torch.cuda.CUDAGraph()
        for generator in game.task.streams.generators():
            graph.register_generator_state(generator)
        before = {name: player.steps for name, player in game.players.items()}
        try:
            with torch.cuda.graph(graph, stream=torch.cuda.current_stream()):
                log = game.algorithm.iterate(game)
            steps = {name: player.steps - before[name] for name, player in game.players.items()}
        finally:
            for name, player in game.players.items():
                player.state.steps = before[name]
        return cls(game, graph, log, steps)

    def take(self) -> Log:
        """Take the iteration; the quantities stay as they are until it is taken again."""
        self.graph.replay()
        for name, player in self.game.players.items():
            player.state.steps += self.steps[name]
        return self.log
