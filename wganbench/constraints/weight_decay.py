"""L2 weight decay, a "soft clipping" of the critic ([GP] section 3 sees the same faults in it)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field

from wganbench.constraints import Constraint

if TYPE_CHECKING:
    from jaxtyping import Float
    from torch import Tensor
    from torch.nn import Module

    from wganbench.training.streams import Streams


class WeightDecay(Constraint):
    """Adds decay * (sum of squared parameters) to the critic's loss."""

    name: Literal["weight-decay"] = "weight-decay"
    decay: Annotated[
        float,
        Field(
            gt=0,
            le=1e6,
            description="Weight of the sum of squared parameters.",
            json_schema_extra={"slug": "decay"},
        ),
    ] = 1e-3

    def penalty(
        self,
        critic: Module,
        real: Float[Tensor, "replica batch *shape"],
        fake: Float[Tensor, "replica batch *shape"],
        streams: Streams,
    ) -> Float[Tensor, " replica"]:
        squares = [(p**2).flatten(1).sum(1) for p in critic.parameters()]
        total = squares[0]
        for square in squares[1:]:
            total = total + square
        return self.decay * total
