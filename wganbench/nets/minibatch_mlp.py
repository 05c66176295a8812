"""A critic that compares the samples of a batch: minibatch discrimination ([MBD] section 3.2)."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field, PositiveInt

from wganbench.nets import Critic, Depth, Width

if TYPE_CHECKING:
    from torch.nn import Module

    from wganbench.training.streams import Streams


class MinibatchMLPCritic(Critic):
    """ReLU layers; one linear unit reads the last of them and, beside it, how close others are."""

    name: Annotated[
        Literal["minibatch-mlp"],
        Field(json_schema_extra={"slug": {"minibatch-mlp": "minibatchcritic"}}),
    ] = "minibatch-mlp"
    width: Width = 512
    depth: Depth = 3
    kernels: Annotated[
        PositiveInt,
        Field(le=1_000, description="B of minibatch discrimination: closenesses per sample."),
    ] = 16
    kernel_dim: Annotated[
        PositiveInt,
        Field(le=1_000, description="C: dimensions in which one closeness is measured."),
    ] = 8

    def build(self, shape: tuple[int, ...], streams: Streams) -> Module:
        from torch.nn import Flatten, Sequential

        from wganbench.nets.layers.linear import Head
        from wganbench.nets.layers.minibatch import Closeness
        from wganbench.nets.mlp import hidden_layers

        hidden = hidden_layers(streams, prod(shape), self.width, self.depth, "none")
        beside = Closeness(streams, self.width, self.kernels, self.kernel_dim)
        return Sequential(Flatten(2), *hidden, beside, Head(streams, self.width + self.kernels))

    @property
    def is_pointwise(self) -> bool:
        """Return False: a value depends on the whole batch."""
        return False
