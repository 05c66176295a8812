"""The smooth critic of [fGAN]'s fit of a Gaussian: tanh in place of ReLU (section 2.5)."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING, Literal

from wganbench.nets import Critic, Depth, Width

if TYPE_CHECKING:
    from torch.nn import Module

    from wganbench.training.streams import Streams


class TanhMLPCritic(Critic):
    """Layers of tanh units and one linear unit; in the paper two hidden layers of 64."""

    name: Literal["tanh-mlp"] = "tanh-mlp"
    width: Width = 64
    depth: Depth = 2

    def build(self, shape: tuple[int, ...], streams: Streams) -> Module:
        from torch.nn import Flatten, Sequential

        from wganbench.nets.layers.activations import Tanh
        from wganbench.nets.layers.linear import Head, Linear

        inputs = [prod(shape), *[self.width] * (self.depth - 1)]
        hidden = [layer for n in inputs for layer in (Linear(streams, n, self.width), Tanh())]
        return Sequential(Flatten(2), *hidden, Head(streams, self.width))
