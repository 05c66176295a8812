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
        self._place: Place | None = None
        # Samples that do not fit into the device's memory are drawn on the host.
        self._possible = game.task.streams.device.type == "cuda" and game.task.sampler.on_device

    def iterate(self) -> Log:
        kind = self.game.algorithm.kind_of_iteration(self.game)
        if self._possible and kind not in self._recordings and self._taken[kind] >= BEFORE:
            self._record(kind)
        if kind in self._recordings:
            return self._recordings[kind].take()
        self._taken[kind] += 1
        log = self.game.algorithm.iterate(self.game)
        if self._place and self._recordings:
            self._place.write_back()
            self._place.put_back()
        return log

    def _record(self, kind: int) -> None:
        self._place = self._place or Place(self.game)
        try:
            self._recordings[kind] = Recording.of(self.game, self._place)
        except RuntimeError as error:
            self._possible = False
            self.game.task.streams.renew()
            reason = str(error).partition("\n")[0]
            sys.stderr.write(f"wganbench: trains without CUDA graphs, slower: {reason}\n")


@dataclass(frozen=True)
class Recording:
    """One iteration on the memory that the game's state lies in."""

    game: Game
    graph: torch.cuda.CUDAGraph
    log: Log
    steps: dict[str, int]

    @classmethod
    def of(cls, game: Game, place: Place) -> Recording:
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
                place.write_back()
            steps = {name: player.steps - before[name] for name, player in game.players.items()}
        finally:
            place.put_back()
            for name, player in game.players.items():
                player.state.steps = before[name]
        return cls(game, graph, log, steps)

    def take(self) -> Log:
        """Take the iteration; the quantities stay as they are until it is taken again."""
        self.graph.replay()
        for name, player in self.game.players.items():
            player.state.steps += self.steps[name]
        return self.log


class Place:
    """The memory in which recordings find the game's state: where it lies at the first one."""

    def __init__(self, game: Game) -> None:
        self.players = list(game.players.values())
        self.tensors = [t for p in self.players for t in (*p.net.parameters(), *p.net.buffers())]
        self.memory = [tensor.data for tensor in self.tensors]
        self.slots = [dict(player.state.slots) for player in self.players]

    def write_back(self) -> None:
        """Copy the state here; an optimiser's step leaves it in new memory."""
        now = [tensor.data for tensor in self.tensors]
        pairs = list(zip(now, self.memory, strict=True))
        for player, slots in zip(self.players, self.slots, strict=True):
            pairs += [(player.state.slots[name], memory) for name, memory in slots.items()]
        for tensor, memory in pairs:
            if tensor.data_ptr() != memory.data_ptr():
                memory.copy_(tensor)

    def put_back(self) -> None:
        """Let the game's state lie here."""
        for tensor, memory in zip(self.tensors, self.memory, strict=True):
            tensor.data = memory
        for player, slots in zip(self.players, self.slots, strict=True):
            player.state.slots = dict(slots)
