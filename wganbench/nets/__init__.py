"""Generators and critics: one module per architecture. Every net is a stack of replicas."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field, PositiveInt

from wganbench.nets.layers.critique import Critique, values_of
from wganbench.plugins import Plugin

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jaxtyping import Float
    from torch import Tensor
    from torch.nn import Module

    from wganbench.training.streams import Streams

__all__ = ["Critic", "Critique", "Depth", "Generator", "Norm", "Width", "values_of"]

Width = Annotated[
    PositiveInt,
    Field(
        le=65_536,
        description="Units of a hidden layer, or filters of the widest-map layer.",
        json_schema_extra={"slug": "width"},
    ),
]
Depth = Annotated[
    PositiveInt,
    Field(le=1_000, description="Hidden layers.", json_schema_extra={"slug": "depth"}),
]
Norm = Annotated[
    Literal["none", "batch", "layer"],
    Field(
        description="Normalisation between layers.",
        json_schema_extra={"slug": {"none": "nobn", "batch": "bn", "layer": "ln"}},
    ),
]


class Generator(Plugin):
    """Maps latents to samples."""

    latent_dim: Annotated[
        PositiveInt,
        Field(
            le=65_536,
            description="Dimensions of the latent, drawn from N(0, I).",
            json_schema_extra={"slug": "z"},
        ),
    ] = 100

    def misfit(self, shape: tuple[int, ...]) -> str:
        """Return why it cannot make samples of this shape, or nothing if it can."""
        return ""

    def build(self, shape: tuple[int, ...], streams: Streams) -> Module:
        """Return a net from latents [replica batch latent] to samples [replica batch *shape]."""
        raise NotImplementedError


class Critic(Plugin):
    """Maps samples to one number each, and perhaps to more."""

    def misfit(self, shape: tuple[int, ...]) -> str:
        """Return why it cannot read samples of this shape, or nothing if it can."""
        return ""

    def build(self, shape: tuple[int, ...], streams: Streams) -> Module:
        """Return a net from samples [replica batch *shape] to values [replica batch].

        A net that has more to give returns a `Critique`.
        """
        raise NotImplementedError

    @property
    def is_pointwise(self) -> bool:
        """Whether a value is a function of its own sample; batch norm mixes in the whole batch."""
        return getattr(self, "norm", "none") != "batch"

    def lipschitz_bound(self, net: Module) -> Float[Tensor, " replica"] | None:
        """Return a bound of the net's Lipschitz constant that holds everywhere; None if unknown."""
        return None

    def measured_layers(self, net: Module) -> Sequence[Module]:
        """Return the layers in whose outputs the loss's gradient is measured, first to last.

        [GP] figure 1b draws them for a plain stack of layers; none for another architecture.
        """
        return ()
