"""Multilayer perceptrons, as in [WGAN] section 4.3 and [GP]'s toy code."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING, Annotated, Literal, Self

from pydantic import Field, model_validator

from wganbench.nets import Critic, Depth, Generator, Norm, Width

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jaxtyping import Float
    from torch import Tensor
    from torch.nn import Module

    from wganbench.training.streams import Streams


class MLPGenerator(Generator):
    """ReLU layers and a linear output; without tanh, as in [WGAN]'s official code, or with it."""

    name: Annotated[Literal["mlp"], Field(json_schema_extra={"slug": {"mlp": "mlp"}})] = "mlp"
    width: Width = 512  # [WGAN] section 4.3
    depth: Depth = 3  # [WGAN] section 4.3: 4 layers, the output's among them
    norm: Norm = "none"
    output: Annotated[
        Literal["linear", "tanh"],
        Field(description="What becomes of the last layer: [GP]'s code bounds it by tanh."),
    ] = "linear"
    init: Annotated[
        Literal["default", "he"],
        Field(
            description="Initial weights: PyTorch's, as in [WGAN]'s official code, or He's (and "
            "Glorot's in the last layer) with zero biases, as in [GP]'s."
        ),
    ] = "default"

    def build(self, shape: tuple[int, ...], streams: Streams) -> Module:
        from torch.nn import Sequential

        from wganbench.nets.layers.activations import Tanh
        from wganbench.nets.layers.initial import deviation
        from wganbench.nets.layers.linear import Linear, Unflatten

        he = self.init == "he"
        hidden = hidden_layers(streams, self.latent_dim, self.width, self.depth, self.norm, he=he)
        std = deviation("glorot", self.width, prod(shape)) if he else None
        output: list[Module] = [Linear(streams, self.width, prod(shape), std)]
        if self.output == "tanh":
            output.append(Tanh())
        return Sequential(*hidden, *output, Unflatten(shape))


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
        from torch.nn import Flatten, Sequential

        from wganbench.nets.layers.linear import Head

        hidden = hidden_layers(
            streams, prod(shape), self.width, self.depth, self.norm, self.activation
        )
        return Sequential(Flatten(2), *hidden, Head(streams, self.width))

    def lipschitz_bound(self, net: Module) -> Float[Tensor, " replica"] | None:
        """Return the product of the layers' spectral norms; None with a normalisation."""
        from wganbench.nets.layers.lipschitz import product_of_norms

        return product_of_norms(net) if self.norm == "none" else None

    def measured_layers(self, net: Module) -> Sequence[Module]:
        from wganbench.nets.layers.linear import Linear

        return [layer for layer in net.children() if isinstance(layer, Linear)]


def hidden_layers(
    streams: Streams,
    inputs: int,
    width: int,
    depth: int,
    norm: Norm,
    activation: str = "relu",
    *,
    he: bool = False,
) -> list[Module]:
    """Return `depth` times linear, normalisation if any, activation."""
    from wganbench.nets.layers.activations import GroupSort, ReLU
    from wganbench.nets.layers.linear import Linear
    from wganbench.nets.layers.norm import normalisation

    layers: list[Module] = []
    for layer in range(depth):
        entering = inputs if layer == 0 else width
        std = (2 / entering) ** 0.5 if he else None
        layers.append(Linear(streams, entering, width, std))
        layers.extend(normalisation(norm, streams, width))
        layers.append(ReLU(inplace=True) if activation == "relu" else GroupSort())
    return layers
