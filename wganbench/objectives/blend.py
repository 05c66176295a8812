"""Between GAN and WGAN: a weighted mean of Goodfellow's losses (2014) and the Wasserstein ones."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

import numpy as np
from pydantic import Field

from wganbench.objectives import Objective, Quantity
from wganbench.objectives.gan import Minimax, NonSaturating
from wganbench.objectives.wasserstein import Wasserstein

if TYPE_CHECKING:
    from jaxtyping import Float
    from torch import Tensor

_MINIMAX, _NON_SATURATING, _WASSERSTEIN = Minimax(), NonSaturating(), Wasserstein()
_GAN = {
    "minimax": (_MINIMAX,),
    "non-saturating": (_NON_SATURATING,),
    "average": (_MINIMAX, _NON_SATURATING),
}


class Blend(Objective):
    """Both players' losses are alpha times those of a GAN plus 1 - alpha times those of a WGAN.

    The average of Goodfellow's two generator losses is -E f / 2, as log(1 - D) - log D = -f for
    D = sigmoid(f): WGAN's but for the factor. The discriminator's loss is no such average, so that
    alpha = 1 with `average` is a GAN of which the generator's loss alone is WGAN's.
    """

    name: Literal["blend"] = "blend"
    share: Annotated[
        float,
        Field(
            ge=0,
            le=1,
            description="alpha, the GAN's share of both losses: 1 is a GAN, 0 a WGAN.",
            json_schema_extra={"slug": "alpha"},
        ),
    ] = 0.5
    gan_loss: Annotated[
        Literal["minimax", "non-saturating", "average"],
        Field(
            description="The GAN's loss of the generator: one of Goodfellow's two, or half of each."
        ),
    ] = "non-saturating"
    pull_label: ClassVar[str] = "|d loss / d f|"

    @property
    def quantity(self) -> Quantity:  # type: ignore[override]  # here a setting decides it
        ends = {0.0: _WASSERSTEIN.quantity, 1.0: _MINIMAX.quantity}
        between = Quantity("blend of JS and W1", "blend", "", None, is_distance=False)
        return ends.get(self.share, between)

    @property
    def is_probability(self) -> bool:  # type: ignore[override]
        return self.share == 1

    @property
    def loss_label(self) -> str:  # type: ignore[override]
        of_gan = " + ".join(loss.loss_label for loss in _GAN[self.gan_loss])
        return f"blend of {of_gan} and -f"

    def critic_loss(
        self, real: Float[Tensor, "replica batch"], fake: Float[Tensor, "replica batch"]
    ) -> Float[Tensor, " replica"]:
        """Return -(alpha L + (1 - alpha) (E f(x) - E f(G(z)))), L the GAN's log-likelihood."""
        of_gan = _MINIMAX.critic_loss(real, fake)
        return self.share * of_gan + (1 - self.share) * _WASSERSTEIN.critic_loss(real, fake)

    def divergence(
        self, real: Float[Tensor, "replica batch"], fake: Float[Tensor, "replica batch"]
    ) -> Float[Tensor, " replica"] | None:
        """Return alpha JS + (1 - alpha) (E f(x) - E f(G(z))); None of a WGAN."""
        if self.share == 0:
            return None
        means = -_WASSERSTEIN.critic_loss(real, fake)
        return self.share * _MINIMAX.divergence(real, fake) + (1 - self.share) * means

    def generator_loss(self, fake: Float[Tensor, "replica batch"]) -> Float[Tensor, " replica"]:
        """Return alpha times the GAN's loss minus (1 - alpha) E f(G(z))."""
        losses = [loss.generator_loss(fake) for loss in _GAN[self.gan_loss]]
        of_gan = sum(losses[1:], losses[0]) / len(losses)
        return self.share * of_gan + (1 - self.share) * _WASSERSTEIN.generator_loss(fake)

    def link(self, values: Float[np.ndarray, "*any"]) -> Float[np.ndarray, "*any"]:
        """Return D of a GAN, else the values themselves: between the two they are neither."""
        return _MINIMAX.link(values) if self.is_probability else values

    def link_slope(self, values: Float[np.ndarray, "*any"]) -> Float[np.ndarray, "*any"]:
        return _MINIMAX.link_slope(values) if self.is_probability else np.ones_like(values)

    def pull(self, values: Float[np.ndarray, "*any"]) -> Float[np.ndarray, "*any"]:
        of_gan = np.mean([loss.pull(values) for loss in _GAN[self.gan_loss]], axis=0)
        return np.asarray(self.share * of_gan + (1 - self.share))
