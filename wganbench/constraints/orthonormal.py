"""Layers with orthonormal weights by Bjoerck's iteration (Anil, Lucas, Grosse 2019).

With GroupSort activations (critic.activation: groupsort) the critic is 1-Lipschitz by construction
and keeps its gradient's norm; with ReLU it is 1-Lipschitz but loses it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field, PositiveInt

from wganbench.constraints import Constraint

if TYPE_CHECKING:
    from torch.nn import Module

    from wganbench.training.streams import Streams


class Orthonormal(Constraint):
    """Replaces every layer's weight by a nearby one with nearly orthonormal rows or columns."""

    name: Literal["orthonormal"] = "orthonormal"
    bjorck_iterations: Annotated[
        PositiveInt,
        Field(
            le=1000,
            description="Bjoerck iterations per evaluation of a weight; 20 bring a 64x64 matrix's "
            "singular values above 0.95, larger ones need more.",
        ),
    ] = 20

    def prepare(self, critic: Module, streams: Streams) -> None:
        from wganbench.nets.layers.parametrisations import Bjorck, parametrise

        parametrise(critic, lambda layer: Bjorck(self.bjorck_iterations))
