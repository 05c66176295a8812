"""Two-sided gradient penalty ([GP] equation 3 and algorithm 1)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field

from wganbench.constraints import Constraint

if TYPE_CHECKING:
    from jaxtyping import Float
    from torch import Tensor
    from torch.nn import Module

    from wganbench.training.streams import Streams


class NormPenalty(Constraint):
    """Adds lambda * E[cost(norm of the critic's input gradient)] over sampled points."""

    penalty_weight: Annotated[
        float,
        Field(
            ge=0,
            le=1e6,
            description="lambda ([GP] algorithm 1: 10; its toy code: 0.1).",
            json_schema_extra={"slug": "lambda"},
        ),
    ] = 10.0

    def norm(
        self,
        critic: Module,
        real: Float[Tensor, "replica batch *shape"],
        fake: Float[Tensor, "replica batch *shape"],
        streams: Streams,
    ) -> Float[Tensor, "replica batch"]:
        """Return the gradient's norms that cost, differentiable in the critic's parameters."""
        raise NotImplementedError

    def cost(self, norm: Float[Tensor, "replica batch"]) -> Float[Tensor, "replica batch"]:
        """Return what a gradient norm costs."""
        raise NotImplementedError

    def penalty(
        self,
        critic: Module,
        real: Float[Tensor, "replica batch *shape"],
        fake: Float[Tensor, "replica batch *shape"],
        streams: Streams,
    ) -> Float[Tensor, " replica"]:
        """Return the penalty of each replica, differentiable in the critic's parameters."""
        norm = self.norm(critic, real, fake, streams)
        return self.penalty_weight * self.cost(norm).mean(-1)


class GradientNormPenalty(NormPenalty):
    """Takes the norms at interpolates, or on one side's samples."""

    points: Annotated[
        Literal["interpolates", "data", "generated"],
        Field(
            description="Where the norm is held near one: between real and generated samples "
            "([GP]), or on either alone.",
            json_schema_extra={
                "slug": {"interpolates": "", "data": "ondata", "generated": "ongenerated"}
            },
        ),
    ] = "interpolates"
    norm_over: Annotated[
        Literal["sample", "channels"],
        Field(
            description="What the gradient's norm is taken over: the whole sample ([GP]), or its "
            "first axis alone, the channels of an image, which holds every pixel's norm near one "
            "(a common mistake of ports).",
            json_schema_extra={"slug": {"sample": "", "channels": "normoverchannels"}},
        ),
    ] = "sample"

    def norm(
        self,
        critic: Module,
        real: Float[Tensor, "replica batch *shape"],
        fake: Float[Tensor, "replica batch *shape"],
        streams: Streams,
    ) -> Float[Tensor, "replica batch"]:
        from wganbench.nets.layers.gradients import (
            channel_gradient_norm,
            input_gradient_norm,
            interpolate,
        )

        points = {"data": real, "generated": fake}.get(self.points)
        if points is None:
            points = interpolate(real, fake, streams.uniform("penalty", real.shape[1]))
        norm_of = input_gradient_norm if self.norm_over == "sample" else channel_gradient_norm
        return norm_of(critic, points, create_graph=True)


class GradientPenalty(GradientNormPenalty):
    """Costs (norm - 1)^2, on either side of one."""

    name: Literal["gradient-penalty"] = "gradient-penalty"

    def cost(self, norm: Float[Tensor, "replica batch"]) -> Float[Tensor, "replica batch"]:
        return (norm - 1) ** 2
