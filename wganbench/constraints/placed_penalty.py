"""Gradient penalties at points of one's own choice: why does [GP] choose interpolates?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field

from wganbench.constraints.gradient_penalty import NormPenalty

if TYPE_CHECKING:
    from jaxtyping import Float
    from torch import Tensor
    from torch.nn import Module

    from wganbench.training.streams import Streams


class PlacedPenalty(NormPenalty):
    """Takes the norms where subclasses place the points."""

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

    def norm(
        self,
        critic: Module,
        real: Float[Tensor, "replica batch *shape"],
        fake: Float[Tensor, "replica batch *shape"],
        streams: Streams,
    ) -> Float[Tensor, "replica batch"]:
        from wganbench.nets.layers.gradients import input_gradient_norm

        return input_gradient_norm(critic, self.place(real, fake, streams), create_graph=True)

    def cost(self, norm: Float[Tensor, "replica batch"]) -> Float[Tensor, "replica batch"]:
        excess = norm - 1 if self.sides == "two" else (norm - 1).clamp(min=0)
        return excess**2
