"""The encoder of [VAE] appendix C: hidden layers, then mean and log variance, both linear."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING, Literal

from wganbench.nets import Depth, Width
from wganbench.nets.encoders import Encoder
from wganbench.nets.mlp import hidden_layers

if TYPE_CHECKING:
    from torch.nn import Module

    from wganbench.training.streams import Streams


class MLPEncoder(Encoder):
    """ReLU layers on the flattened sample and a linear output."""

    name: Literal["mlp"] = "mlp"
    width: Width = 500  # [VAE] section 5, of MNIST
    depth: Depth = 1  # [VAE] appendix C

    def build(self, shape: tuple[int, ...], latent_dim: int, streams: Streams) -> Module:
        from torch.nn import Flatten, Sequential

        from wganbench.nets.layers.linear import Linear

        hidden = hidden_layers(streams, prod(shape), self.width, self.depth, "none")
        return Sequential(Flatten(2), *hidden, Linear(streams, self.width, 2 * latent_dim))
