"""Generators and critics: one module per architecture. Every net is a stack of replicas."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field, PositiveInt

from wganbench.plugins import Plugin

if TYPE_CHECKING:
    from torch.nn import Module

    from wganbench.training.streams import Streams

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
    """Maps samples to one number each."""

    def misfit(self, shape: tuple[int, ...]) -> str:
        """Return why it cannot read samples of this shape, or nothing if it can."""
        return ""

    def build(self, shape: tuple[int, ...], streams: Streams) -> Module:
        """Return a net from samples [replica batch *shape] to values [replica batch]."""
        raise NotImplementedError
