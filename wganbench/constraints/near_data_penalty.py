"""Gradient penalty near real samples alone, as DRAGAN has it (Kodali et al. 2017, section 2.4)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field

from wganbench.constraints.placed_penalty import PlacedPenalty

if TYPE_CHECKING:
    from jaxtyping import Float
    from torch import Tensor

    from wganbench.training.streams import Streams


class NearDataPenalty(PlacedPenalty):
    """Real samples with Gaussian noise; DRAGAN's critic is a discriminator, here it is any."""

    name: Literal["near-data-penalty"] = "near-data-penalty"
    noise: Annotated[
        float,
        Field(
            gt=0,
            le=100,
            description="Standard deviation of the noise in each coordinate, in standard "
            "deviations of all coordinates of the batch's real samples (0.5: the factor of "
            "DRAGAN's code, by recall, whose noise is uniform; the paper's is Gaussian).",
            json_schema_extra={"slug": "noise"},
        ),
    ] = 0.5

    def place(
        self,
        real: Float[Tensor, "replica batch *shape"],
        fake: Float[Tensor, "replica batch *shape"],
        streams: Streams,
    ) -> Float[Tensor, "replica batch *shape"]:
        import torch

        # One replica at a time: a sum over all of a stack's may be taken in another order.
        spread = torch.stack([replica.std() for replica in real])
        noise = streams.normal("penalty", *real.shape[1:])
        return real + self.noise * spread.view(-1, *[1] * (real.ndim - 1)) * noise
