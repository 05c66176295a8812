"""Several critics of different widths as one: their mean."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal, Self

from pydantic import Field, model_validator

from wganbench.nets import Critic, Depth, Width
from wganbench.nets.mlp import MLPCritic

if TYPE_CHECKING:
    from jaxtyping import Float
    from torch import Tensor
    from torch.nn import Module

    from wganbench.training.streams import Streams


class EnsembleMLPCritic(Critic):
    """The mean of MLPs, each of which is so many times narrower than the one before it."""

    name: Annotated[
        Literal["ensemble-mlp"],
        Field(json_schema_extra={"slug": {"ensemble-mlp": "ensemblecritic"}}),
    ] = "ensemble-mlp"
    width: Width = 64
    depth: Depth = 3
    members: Annotated[int, Field(ge=2, le=100, description="MLPs in the ensemble.")] = 3
    narrower: Annotated[
        int, Field(ge=1, le=1_000, description="Width of a member over that of the next one.")
    ] = 4

    @model_validator(mode="after")
    def _whole_widths(self) -> Self:
        least = self.narrower ** (self.members - 1)
        if self.width % least:
            raise ValueError(
                f"width: of {self.members} members, each {self.narrower} times narrower than the "
                f"one before, the widest has a multiple of {least} units, and not {self.width}"
            )
        return self

    @property
    def widths(self) -> list[int]:
        """The members' widths, the widest first."""
        return [self.width // self.narrower**member for member in range(self.members)]

    def build(self, shape: tuple[int, ...], streams: Streams) -> Module:
        from wganbench.nets.layers.ensemble import Mean

        members = [MLPCritic(width=width, depth=self.depth) for width in self.widths]
        return Mean([member.build(shape, streams) for member in members])

    def lipschitz_bound(self, net: Module) -> Float[Tensor, " replica"] | None:
        """Return the mean of the members' bounds."""
        import torch

        from wganbench.nets.layers.lipschitz import product_of_norms

        return torch.stack([product_of_norms(member) for member in net.children()]).mean(0)
