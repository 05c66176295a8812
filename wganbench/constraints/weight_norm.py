"""Weight normalisation with a fixed length (Salimans and Kingma 2016)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field

from wganbench.constraints import Constraint

if TYPE_CHECKING:
    from torch.nn import Module

    from wganbench.training.streams import Streams


class WeightNorm(Constraint):
    """Gives every unit's weight vector the length g, which is not learned."""

    name: Literal["weight-norm"] = "weight-norm"
    length: Annotated[
        float,
        Field(
            gt=0,
            le=1e3,
            description="g: the length of every unit's weight vector.",
            json_schema_extra={"slug": "g"},
        ),
    ] = 1.0

    def prepare(self, critic: Module, streams: Streams) -> None:
        from wganbench.nets.layers.parametrisations import UnitLength, parametrise

        parametrise(critic, lambda layer: UnitLength(layer, self.length))
