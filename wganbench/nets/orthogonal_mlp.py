"""The small nets of [UGAN] for a ring of Gaussians: appendix A, and the authors' demo."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field

from wganbench.nets import Critic, Depth, Generator, Width

if TYPE_CHECKING:
    from torch.nn import Module

    from wganbench.training.streams import Streams

Activation = Annotated[
    Literal["relu", "tanh"],
    Field(
        description="Between layers: ReLU as in [UGAN], or tanh as in its demo.",
        json_schema_extra={"slug": {"relu": "", "tanh": "tanh"}},
    ),
]
Gain = Annotated[
    float,
    Field(
        gt=0,
        le=100,
        description="Size of the orthogonal initial weights ([UGAN]: 0.8, its demo: 1.4).",
        json_schema_extra={"slug": "gain"},
    ),
]


class OrthogonalGenerator(Generator):
    """Hidden layers and a linear output, orthogonal at first, with zero biases."""

    name: Annotated[
        Literal["orthogonal-mlp"], Field(json_schema_extra={"slug": {"orthogonal-mlp": "orth"}})
    ] = "orthogonal-mlp"
    width: Width = 128
    depth: Depth = 2
    activation: Activation = "relu"
    gain: Gain = 0.8

    def build(self, shape: tuple[int, ...], streams: Streams) -> Module:
        from torch.nn import Sequential

        from wganbench.nets.layers.linear import Linear, Unflatten
        from wganbench.nets.layers.orthogonal import orthogonal

        hidden = hidden_layers(
            streams, self.latent_dim, self.width, self.depth, self.activation, self.gain
        )
        output = orthogonal(Linear(streams, self.width, prod(shape), 0.0), streams, self.gain)
        return Sequential(*hidden, output, Unflatten(shape))


class OrthogonalCritic(Critic):
    """A scaled sample, hidden layers and one linear unit, orthogonal at first, zero biases."""

    name: Annotated[
        Literal["orthogonal-mlp"], Field(json_schema_extra={"slug": {"orthogonal-mlp": "orth"}})
    ] = "orthogonal-mlp"
    width: Width = 128
    depth: Depth = 1
    activation: Activation = "relu"
    gain: Gain = 0.8
    input_scale: Annotated[
        float,
        Field(
            gt=0,
            le=1e6,
            description="Samples are multiplied by it ([UGAN] appendix A: 1/4, its demo: 1).",
        ),
    ] = 0.25

    def build(self, shape: tuple[int, ...], streams: Streams) -> Module:
        from torch.nn import Flatten, Sequential

        from wganbench.nets.layers.activations import Scale
        from wganbench.nets.layers.linear import Head
        from wganbench.nets.layers.orthogonal import orthogonal

        hidden = hidden_layers(
            streams, prod(shape), self.width, self.depth, self.activation, self.gain
        )
        head = orthogonal(Head(streams, self.width, 0.0), streams, self.gain)
        return Sequential(Flatten(2), Scale(self.input_scale), *hidden, head)


def hidden_layers(
    streams: Streams, inputs: int, width: int, depth: int, activation: Activation, gain: float
) -> list[Module]:
    """Return `depth` times linear, activation."""
    from wganbench.nets.layers.activations import nonlinearity
    from wganbench.nets.layers.linear import Linear
    from wganbench.nets.layers.orthogonal import orthogonal

    layers: list[Module] = []
    for entering in [inputs, *[width] * (depth - 1)]:
        layers.append(orthogonal(Linear(streams, entering, width, 0.0), streams, gain))
        layers.append(nonlinearity(activation))
    return layers
