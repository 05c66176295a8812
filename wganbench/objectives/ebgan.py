"""Energy-based GAN (Zhao, Mathieu, LeCun 2016, arXiv 1609.03126)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import Field

from wganbench.errors import UserError
from wganbench.nets.layers.critique import Critique, values_of
from wganbench.objectives import Objective, Quantity

if TYPE_CHECKING:
    from jaxtyping import Float
    from torch import Tensor


class EBGAN(Objective):
    """The critic lowers the energy of real samples and raises that of generated ones up to m.

    The energy D is minus the critic's value. V = E D(x) + E max(0, m - D(G(z))) is the critic's
    loss, [EBGAN] equations 1 and 3. With the best of all energies it is m (1 - TV), see the proof
    of theorem 1: so 1 - V/m, `divergence`, bounds the total variation distance from below, and is
    negative while a critic reconstructs poorly. `estimate` is the gap of the mean energies.
    """

    name: Literal["ebgan"] = "ebgan"
    margin: Annotated[
        float,
        Field(
            gt=0,
            le=1e6,
            description="m: generated samples of more energy than this do not move the critic.",
            json_schema_extra={"slug": "m"},
        ),
    ] = 1.0
    pulling_away: Annotated[
        float,
        Field(
            ge=0,
            le=1e6,
            description="Weight of the pulling-away term in the generator's loss ([EBGAN] section "
            "2.4; there 0.1); needs a critic with a code.",
            json_schema_extra={"slug": "pt"},
        ),
    ] = 0.0
    quantity: ClassVar[Quantity] = Quantity(
        "total variation distance", "TV", "", 1.0, is_distance=False
    )

    def sees(self, output: Tensor | Critique) -> Tensor | Critique:
        """Return all of it, values and code.

        Raises:
            UserError: the pulling-away term has no code to look at.
        """
        if self.pulling_away and not (isinstance(output, Critique) and "code" in output.parts):
            raise UserError(
                "objective.pulling_away: needs a critic with a code; write critic.name: "
                "auto-encoder, or leave the term out"
            )
        return output

    def critic_loss(
        self, real: Tensor | Critique, fake: Tensor | Critique
    ) -> Float[Tensor, " replica"]:
        """Return V. An energy is not negative: a value above 0 counts as 0."""
        return self._v(values_of(real), values_of(fake))

    def divergence(
        self, real: Float[Tensor, "replica batch"], fake: Float[Tensor, "replica batch"]
    ) -> Float[Tensor, " replica"]:
        """Return 1 - V/m."""
        return 1 - self._v(real, fake) / self.margin

    def generator_loss(self, fake: Tensor | Critique) -> Float[Tensor, " replica"]:
        """Return E D(G(z)), and the pulling-away term if it has a weight."""
        energy = -values_of(fake).mean(-1)
        if not isinstance(fake, Critique) or not self.pulling_away:
            return energy
        return energy + self.pulling_away * pulling_away(fake.parts["code"])

    def _v(
        self, real: Float[Tensor, "replica batch"], fake: Float[Tensor, "replica batch"]
    ) -> Float[Tensor, " replica"]:
        energy, of_fake = (_energy(values) for values in (real, fake))
        return energy.mean(-1) + (self.margin - of_fake).clamp(min=0).mean(-1)


def _energy(values: Float[Tensor, "*any"]) -> Float[Tensor, "*any"]:
    import torch

    return torch.where(values > 0, torch.zeros_like(values), -values)


def pulling_away(code: Float[Tensor, "replica batch code"]) -> Float[Tensor, " replica"]:
    """Return the mean squared cosine of the codes of two samples of a batch ([EBGAN] section 2.4).

    1 where all codes lie on one line; 1 / dim for codes of no preferred direction.
    """
    import torch

    size = code.shape[1]
    unit = torch.nn.functional.normalize(code, dim=-1)
    squares = torch.bmm(unit, unit.transpose(1, 2)) ** 2
    itself = (unit**2).sum(-1) ** 2  # 1, or 0 of a code that is 0
    return (squares.sum((1, 2)) - itself.sum(-1)) / (size * (size - 1))
