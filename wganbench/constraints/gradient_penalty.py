"""Two-sided gradient penalty on interpolates ([GP] equation 3 and algorithm 1)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field

from wganbench.constraints import Constraint

if TYPE_CHECKING:
    from jaxtyping import Float
    from torch import Tensor
    from torch.nn import Module

    from wganbench.training.streams import Streams


class GradientPenalty(Constraint):
    """Adds lambda * E[(norm of the critic's input gradient - 1)^2] over random interpolates."""

    name: Literal["gradient-penalty"] = "gradient-penalty"
    penalty_weight: Annotated[
        float,
        Field(
            ge=0,
            le=1e6,
            description="lambda ([GP] algorithm 1: 10; its toy code: 0.1).",
            json_schema_extra={"slug": "lambda"},
        ),
    ] = 10.0

    def penalty(
        self,
        critic: Module,
        real: Float[Tensor, "replica batch *shape"],
        fake: Float[Tensor, "replica batch *shape"],
        streams: Streams,
    ) -> Float[Tensor, " replica"]:
        """Return the penalty of each replica, differentiable in the critic's parameters."""
        from wganbench.nets.layers.gradients import input_gradient_norm, interpolate

        between = interpolate(real, fake, streams.uniform("penalty", real.shape[1]))
        norm = input_gradient_norm(critic, between, create_graph=True)
        return self.penalty_weight * ((norm - 1) ** 2).mean(-1)
