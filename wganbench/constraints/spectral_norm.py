"""Spectral normalisation (Miyato et al. 2018)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field, PositiveInt

from wganbench.constraints import Constraint

if TYPE_CHECKING:
    from torch.nn import Module

    from wganbench.training.streams import Streams

FIRST_ITERATIONS = 15  # from random vectors, as torch's own spectral norm does


class SpectralNorm(Constraint):
    """Divides every layer's weight matrix by an estimate of its largest singular value.

    Power iteration follows the weights from behind, so that the critic is 1-Lipschitz only about:
    `lipschitz_bound` in the curves shows by how much it is not.
    """

    name: Literal["spectral-norm"] = "spectral-norm"
    power_iterations: Annotated[
        PositiveInt,
        Field(le=1000, description="Power iterations per critic step (Miyato et al.: 1)."),
    ] = 1

    def prepare(self, critic: Module, streams: Streams) -> None:
        """Parametrise every layer's weight."""
        from wganbench.nets.layers.parametrisations import Spectral, iterate_spectral, parametrise

        parametrise(critic, lambda layer: Spectral(layer, streams))
        iterate_spectral(critic, FIRST_ITERATIONS)

    def before_step(self, critic: Module) -> None:
        """Take the power iterations, which follow the weights from step to step."""
        from wganbench.nets.layers.parametrisations import iterate_spectral

        iterate_spectral(critic, self.power_iterations)
