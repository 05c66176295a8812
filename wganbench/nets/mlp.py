"""Multilayer perceptrons, as in [WGAN] section 4.3 and [GP]'s toy code."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING, Annotated, Literal, Self

from pydantic import Field, model_validator

from wganbench.nets import Critic, Depth, Generator, Norm, Width

if TYPE_CHECKING:
    from torch.nn import Module

    from wganbench.training.streams import Streams


class MLPGenerator(Generator):
    """ReLU layers and a linear output, without tanh, as in [WGAN]'s official code."""

    name: Annotated[Literal["mlp"], Field(json_schema_extra={"slug": {"mlp": "mlp"}})] = "mlp"
    width: Width = 512  # [WGAN] section 4.3
    depth: Depth = 3  # [WGAN] section 4.3: 4 layers, the output's among them
    norm: Norm = "none"

    def build(self, shape: tuple[int, ...], streams: Streams) -> Module:
        """Return the net; the shape of a sample is free."""
        from torch.nn import Sequential

        from wganbench.nets.layers.linear import Linear, Unflatten

        hidden = hidden_layers(streams, self.latent_dim, self.width, self.depth, self.norm)
        output = Linear(streams, self.width, prod(shape))
        return Sequential(*hidden, output, Unflatten(shape))


class MLPCritic(Critic):
    """ReLU layers and one linear unit on the flattened sample."""

    name: Annotated[Literal["mlp"], Field(json_schema_extra={"slug": {"mlp": "mlpcritic"}})] = "mlp"
    width: Width = 512
    depth: Depth = 3
    norm: Norm = "none"
    activation: Annotated[
        Literal["relu", "groupsort"],
        Field(
            description="`groupsort` sorts pairs of units and needs an even width.",
            json_schema_extra={"slug": {"relu": "", "groupsort": "groupsort"}},
        ),
    ] = "relu"

    @model_validator(mode="after")
    def _pairs(self) -> Self:
        if self.activation == "groupsort" and self.width % 2:
            raise ValueError(f"groupsort sorts pairs of units, so width {self.width} must be even")
        return self

    def build(self, shape: tuple[int, ...], streams: Streams) -> Module:
        """Return the net; the shape of a sample is free."""
        from torch.nn import Flatten, Sequential

        from wganbench.nets.layers.linear import Head

        hidden = hidden_layers(
            streams, prod(shape), self.width, self.depth, self.norm, self.activation
        )
        return Sequential(Flatten(2), *hidden, Head(streams, self.width))


def hidden_layers(
    streams: Streams, inputs: int, width: int, depth: int, norm: Norm, activation: str = "relu"
) -> list[Module]:
    """Return `depth` times linear, normalisation if any, activation."""
    from torch.nn import ReLU

    from wganbench.nets.layers.activations import GroupSort
    from wganbench.nets.layers.linear import Linear
    from wganbench.nets.layers.norm import normalisation

    layers: list[Module] = []
    for layer in range(depth):
        layers.append(Linear(streams, inputs if layer == 0 else width, width))
        layers.extend(normalisation(norm, streams, width))
        layers.append(ReLU() if activation == "relu" else GroupSort())
    return layers
