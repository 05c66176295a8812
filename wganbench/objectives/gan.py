"""Goodfellow's two GAN objectives (2014), minimax and non-saturating, on the critic's logits."""

from __future__ import annotations

from math import log
from typing import TYPE_CHECKING, ClassVar, Literal

import numpy as np

from wganbench.objectives import Objective, Quantity

if TYPE_CHECKING:
    from jaxtyping import Float
    from torch import Tensor


def _softplus(x: Float[Tensor, "replica batch"]) -> Float[Tensor, "replica batch"]:
    """Return log(1 + exp(x)), which neither overflows nor takes log 0, replica by replica.

    torch computes the last few elements of a tensor by scalar code, which rounds exp otherwise than
    its vector code does: in one stacked call a replica's result would depend on its position.
    """
    import torch
    from torch.nn.functional import softplus

    return torch.stack([softplus(values) for values in x])


def _sigmoid(values: Float[np.ndarray, "*any"]) -> Float[np.ndarray, "*any"]:
    from scipy.special import expit  # planning imports this module

    return np.asarray(expit(values))


class _LogLikelihood(Objective):
    """The discriminator D = sigmoid(f) maximises L = E log D(x) + E log(1 - D(G(z)))."""

    quantity: ClassVar[Quantity] = Quantity(
        "Jensen-Shannon divergence", "JS", "nats", log(2), is_distance=False
    )
    is_probability: ClassVar[bool] = True

    def critic_loss(
        self, real: Float[Tensor, "replica batch"], fake: Float[Tensor, "replica batch"]
    ) -> Float[Tensor, " replica"]:
        """Return -L."""
        return _softplus(-real).mean(-1) + _softplus(fake).mean(-1)

    def divergence(
        self, real: Float[Tensor, "replica batch"], fake: Float[Tensor, "replica batch"]
    ) -> Float[Tensor, " replica"]:
        """Return the Jensen-Shannon estimate L/2 + log 2 in nats ([WGAN] section 4.2, figure 4)."""
        return log(2) - self.critic_loss(real, fake) / 2

    def link(self, values: Float[np.ndarray, "*any"]) -> Float[np.ndarray, "*any"]:
        """Return D = sigmoid(f)."""
        return _sigmoid(values)

    def link_slope(self, values: Float[np.ndarray, "*any"]) -> Float[np.ndarray, "*any"]:
        """Return D (1 - D), which neither factor loses to rounding."""
        return np.asarray(_sigmoid(values) * _sigmoid(-values))


class NonSaturating(_LogLikelihood):
    """The generator minimises -log D(G(z)): the "-log D trick"."""

    name: Literal["non-saturating"] = "non-saturating"
    loss_label: ClassVar[str] = "-log D"
    pull_label: ClassVar[str] = "(1 - D)"

    def generator_loss(self, fake: Float[Tensor, "replica batch"]) -> Float[Tensor, " replica"]:
        """Return -E log D(G(z))."""
        return _softplus(-fake).mean(-1)

    def pull(self, values: Float[np.ndarray, "*any"]) -> Float[np.ndarray, "*any"]:
        """Return 1 - D, which is 1 where the discriminator wins."""
        return _sigmoid(-values)


class Minimax(_LogLikelihood):
    """The generator minimises log(1 - D(G(z))), which saturates when D wins."""

    name: Literal["minimax"] = "minimax"
    loss_label: ClassVar[str] = "log(1 - D)"
    pull_label: ClassVar[str] = "D"

    def generator_loss(self, fake: Float[Tensor, "replica batch"]) -> Float[Tensor, " replica"]:
        """Return E log(1 - D(G(z)))."""
        return -_softplus(fake).mean(-1)

    def pull(self, values: Float[np.ndarray, "*any"]) -> Float[np.ndarray, "*any"]:
        """Return D, which vanishes where the discriminator wins."""
        return _sigmoid(values)
