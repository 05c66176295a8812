"""The generator of two parameters with which [fGAN] fits a Gaussian (section 2.5)."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field, PositiveInt

from wganbench.nets import Generator

if TYPE_CHECKING:
    from torch.nn import Module

    from wganbench.training.streams import Streams


class AffineGenerator(Generator):
    """x = mu + sigma z in each coordinate, at first N(0, 1); its samples are normal."""

    name: Annotated[Literal["affine"], Field(json_schema_extra={"slug": {"affine": "affine"}})] = (
        "affine"
    )
    latent_dim: Annotated[
        PositiveInt,
        Field(
            le=65_536,
            description="Dimensions of the latent, drawn from N(0, I): those of a sample.",
            json_schema_extra={"slug": "z"},
        ),
    ] = 1

    def misfit(self, shape: tuple[int, ...]) -> str:
        size = prod(shape)
        return "" if size == self.latent_dim else f"needs generator.latent_dim {size}, a sample's"

    def build(self, shape: tuple[int, ...], streams: Streams) -> Module:
        from wganbench.nets.layers.affine import Affine

        return Affine(streams, shape)
