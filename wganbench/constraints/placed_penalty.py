"""Gradient penalties at points of one's own choice: why does [GP] choose interpolates?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field

from wganbench.constraints import Constraint

if TYPE_CHECKING:
    from jaxtyping import Float
    from torch import Tensor
    from torch.nn import Module

    from wganbench.training.streams import Streams


class PlacedPenalty(Constraint):
    """Adds lambda * E[cost(norm of the critic's input gradient)]; subclasses place the points."""

    penalty_weight: Annotated[
        float,
        Field(
            ge=0,
            le=1e6,
            description="lambda ([GP] algorithm 1: 10).",
            json_schema_extra={"slug": "lambda"},
        ),
    ] = 10.0
    sides: Annotated[
        Literal["two", "one"],
        Field(
            description="Whether any norm but one costs ([GP]), or only one above it "
            "(Petzka et al. 2018).",
            json_schema_extra={"slug": {"two": "", "one": "onesided"}},
        ),
    ] = "two"

    def place(
        self,
        real: Float[Tensor, "replica batch *shape"],
        fake: Float[Tensor, "replica batch *shape"],
        streams: Streams,
    ) -> Float[Tensor, "replica batch *shape"]:
        """Return the points at which a gradient's norm costs."""
        raise NotImplementedError

    def penalty(
        self,
        critic: Module,
        real: Float[Tensor, "replica batch *shape"],
        fake: Float[Tensor, "replica batch *shape"],
        streams: Streams,
    ) -> Float[Tensor, " replica"]:
        """Return the penalty of each replica, differentiable in the critic's parameters."""
        from wganbench.nets.layers.gradients import input_gradient_norm

        norm = input_gradient_norm(critic, self.place(real, fake, streams), create_graph=True)
        excess = norm - 1 if self.sides == "two" else (norm - 1).clamp(min=0)
        return self.penalty_weight * (excess**2).mean(-1)
