"""What critic and generator optimise: one module per objective, found by its name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from wganbench.plugins import Plugin

if TYPE_CHECKING:
    from jaxtyping import Float
    from torch import Tensor

    from wganbench.nets import Critique


@dataclass(frozen=True)
class Quantity:
    """What the critic's value estimates."""

    name: str
    """In a sentence: "Jensen-Shannon divergence"."""
    short: str
    """In a legend: "JS"."""
    unit: str
    """"nats"; nothing where it has the samples' own, as a distance does, or is a pure number."""
    bound: float | None
    """Its largest value; None if there is none."""
    is_distance: bool
    """Whether it is a distance of the samples' space, so that transport can be compared with it."""


class Objective(Plugin):
    """A pair of losses on the critic's values (logits, for a GAN); both are minimised.

    What figures and claims need to know of an objective stands here, so that none is known to them
    by its name. Arrays in numpy are of any shape.
    """

    quantity: ClassVar[Quantity]
    is_probability: ClassVar[bool] = False  # whether `link` makes the value the probability of real
    loss_label: ClassVar[str] = "-f"  # the generator's loss in terms of f, or of D = link(f)
    pull_label: ClassVar[str] = ""  # the factor of |f'| in its gradient; nothing for 1

    def sees(self, output: Tensor | Critique) -> Any:
        """Return what the losses take of a critic's output: its values, unless overridden."""
        from wganbench.nets import values_of

        return values_of(output)

    def critic_loss(
        self, real: Float[Tensor, "replica batch"], fake: Float[Tensor, "replica batch"]
    ) -> Float[Tensor, " replica"]:
        """Return the critic's loss of each replica, without penalty."""
        raise NotImplementedError

    def generator_loss(self, fake: Float[Tensor, "replica batch"]) -> Float[Tensor, " replica"]:
        """Return the generator's loss of each replica."""
        raise NotImplementedError

    def divergence(
        self, real: Float[Tensor, "replica batch"], fake: Float[Tensor, "replica batch"]
    ) -> Float[Tensor, " replica"] | None:
        """Return the divergence that the critic's value estimates, in `quantity`'s unit.

        None if the difference of means, which is always recorded, estimates it itself.
        """
        return None

    def link(self, values: Float[np.ndarray, "*any"]) -> Float[np.ndarray, "*any"]:
        """Return the critic as the papers draw it: a discriminator's value as a probability."""
        return values

    def link_slope(self, values: Float[np.ndarray, "*any"]) -> Float[np.ndarray, "*any"]:
        """Return the derivative of `link`."""
        return np.ones_like(values)

    def pull(self, values: Float[np.ndarray, "*any"]) -> Float[np.ndarray, "*any"]:
        """Return the size of the derivative of the generator's loss in the critic's value."""
        return np.ones_like(values)
