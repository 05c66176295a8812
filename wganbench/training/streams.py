"""Random streams: every replica owns its generators, one per purpose.

A replica's draws depend on its seed, the purpose and how often it has drawn, never on what else is
stacked beside it, so that its result is the same bit for bit in any stack.
"""

from collections.abc import Iterator
from hashlib import sha256

import numpy as np
import torch
from jaxtyping import Float, Int
from torch import Tensor

# A purpose's place is part of what its streams are seeded with, so that this list never changes:
# any other purpose, such as a new algorithm's, goes by a number that is made from its name.
_FIRST = (
    "initialisation",
    "data",
    "model",
    "latent",
    "penalty",
    "evaluation",
    "training samples",  # those that the critic is evaluated on
)


class Streams:
    """The generators of a stack of replicas; each draw is stacked along the replica axis."""

    def __init__(self, seeds: tuple[int, ...], device: torch.device) -> None:
        self.device = device
        self.replicas = len(seeds)
        self._seeds = seeds
        self._generators: dict[str, list[torch.Generator]] = {}
        for purpose in _FIRST:
            self._of(purpose)

    def normal(self, purpose: str, *shape: int) -> Float[Tensor, "replica *shape"]:
        """Return draws from N(0, 1)."""
        return torch.stack(
            [torch.randn(shape, generator=g, device=self.device) for g in self._of(purpose)]
        )

    def uniform(self, purpose: str, *shape: int) -> Float[Tensor, "replica *shape"]:
        """Return draws from U[0, 1)."""
        return torch.stack(
            [torch.rand(shape, generator=g, device=self.device) for g in self._of(purpose)]
        )

    def bounded(self, purpose: str, bound: float, *shape: int) -> Float[Tensor, "replica *shape"]:
        """Return draws from U[-bound, bound)."""
        return bound * (2 * self.uniform(purpose, *shape) - 1)

    def integers(self, purpose: str, high: int, *shape: int) -> Int[Tensor, "replica *shape"]:
        """Return draws from {0, ..., high - 1}."""
        return torch.stack(
            [torch.randint(high, shape, generator=g, device=self.device) for g in self._of(purpose)]
        )

    def like(self, *shape: int) -> Float[Tensor, "replica *shape"]:
        """Return an uninitialised stack of this shape; nothing is drawn."""
        return torch.empty(self.replicas, *shape, device=self.device)

    def state(self) -> dict[str, Tensor]:
        """Return every generator's state, named by purpose and replica."""
        return {name: generator.get_state() for name, generator in self._named()}

    def restore(self, states: dict[str, Tensor]) -> None:
        for name, state in states.items():
            purpose, _, replica = name.rpartition(".")
            self._of(purpose)[int(replica)].set_state(state)

    def renew(self) -> None:
        """Go on with new generators in the old ones' state; a failed recording spoils them."""
        for purpose, generators in self._generators.items():
            self._generators[purpose] = [
                torch.Generator(self.device).set_state(old.get_state()) for old in generators
            ]

    def generators(self) -> list[torch.Generator]:
        """Return every generator that has been asked for."""
        return [generator for _, generator in self._named()]

    def _named(self) -> Iterator[tuple[str, torch.Generator]]:
        for purpose, generators in self._generators.items():
            for replica, generator in enumerate(generators):
                yield f"{purpose}.{replica}", generator

    def _of(self, purpose: str) -> list[torch.Generator]:
        if purpose not in self._generators:
            number = _number(purpose)
            made = [_generator(seed, number, self.device) for seed in self._seeds]
            self._generators[purpose] = made
        return self._generators[purpose]


def _number(purpose: str) -> int:
    if purpose in _FIRST:
        return _FIRST.index(purpose)
    return int.from_bytes(sha256(purpose.encode()).digest()[:8]) + len(_FIRST)


def _generator(seed: int, purpose: int, device: torch.device) -> torch.Generator:
    # SeedSequence mixes seed and purpose, so that neighbouring seeds share nothing.
    mixed = np.random.SeedSequence([seed, purpose]).generate_state(1, np.uint64)[0]
    return torch.Generator(device).manual_seed(int(mixed >> np.uint64(1)))
