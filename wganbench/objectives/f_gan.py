"""f-GAN (Nowozin, Cseke, Tomioka 2016, arXiv 1606.00709): variational divergence minimisation."""

from __future__ import annotations

from collections.abc import Callable
from math import isfinite
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal, Self

import numpy as np
from pydantic import Field, model_validator

from wganbench.objectives import Objective, Quantity
from wganbench.objectives.divergences.table import Divergence, Name, named

if TYPE_CHECKING:
    from jaxtyping import Float
    from torch import Tensor


class FGAN(Objective):
    """The critic raises F = E T(x) - E f*(T(G(z))), T = g_f(V), a lower bound of D_f.

    [fGAN] equations 4, 6 and 7. F is `critic_objective` and `divergence` of the curves; `estimate`
    is the difference of the means of V, which estimates nothing here.
    """

    name: Literal["f-gan"] = "f-gan"
    f_divergence: Annotated[
        Name,
        Field(description="Which D_f(real || model): [fGAN] tables 1, 2 and 6, with f as there."),
    ] = "js"
    alpha: Annotated[
        float,
        Field(
            ge=-10,
            le=10,
            description="Of the divergence `alpha` alone; 0 and 1 are its limits, `reverse-kl` and "
            "`kl`.",
            json_schema_extra={"slug": "a"},
        ),
    ] = 0.5
    pi: Annotated[
        float,
        Field(
            gt=0,
            lt=1,
            description="The data's weight in the mixture, of `weighted-js` alone.",
            json_schema_extra={"slug": "pi"},
        ),
    ] = 0.5
    generator_minimises: Annotated[
        Literal["bound", "minus-t"],
        Field(
            description="F itself, that is -E f*(T), or -E T as in [fGAN] section 3.2, which pulls "
            "where samples are told apart with ease.",
            json_schema_extra={"slug": {"bound": "", "minus-t": "t"}},
        ),
    ] = "bound"
    pull_label: ClassVar[str] = "|d loss / d f|"

    @model_validator(mode="after")
    def _in_range(self) -> Self:
        if self.alpha in (0, 1):
            limit = "kl" if self.alpha else "reverse-kl"
            raise ValueError(f"alpha must not be 0 or 1: write f_divergence: {limit}")
        for setting, owner in (("alpha", "alpha"), ("pi", "weighted-js")):
            if getattr(self, setting) != 0.5 and self.f_divergence != owner:
                raise ValueError(f"{setting} is a setting of f_divergence {owner} alone")
        return self

    @property
    def row(self) -> Divergence:
        """The divergence's row of the tables."""
        return named(self.f_divergence, self.alpha, self.pi)

    @property
    def quantity(self) -> Quantity:  # type: ignore[override]  # here a setting decides it
        row = self.row
        bound = row.bound if isfinite(row.bound) else None
        return Quantity(row.name, row.short, row.unit, bound, is_distance=False)

    @property
    def loss_label(self) -> str:  # type: ignore[override]
        return "-T" if self.generator_minimises == "minus-t" else "-f*(T)"

    def critic_loss(
        self, real: Float[Tensor, "replica batch"], fake: Float[Tensor, "replica batch"]
    ) -> Float[Tensor, " replica"]:
        """Return -F."""
        on_real, on_fake = _stacked(self.row.activation, real), _stacked(self.row.conjugate, fake)
        return on_fake.mean(-1) - on_real.mean(-1)

    def divergence(
        self, real: Float[Tensor, "replica batch"], fake: Float[Tensor, "replica batch"]
    ) -> Float[Tensor, " replica"]:
        """Return F."""
        return -self.critic_loss(real, fake)

    def generator_loss(self, fake: Float[Tensor, "replica batch"]) -> Float[Tensor, " replica"]:
        """Return -E f*(T), or -E T."""
        return _stacked(self._lost, fake).mean(-1)

    def pull(self, values: Float[np.ndarray, "*any"]) -> Float[np.ndarray, "*any"]:
        import torch

        v = torch.tensor(np.asarray(values, dtype=np.float64), requires_grad=True)
        (gradient,) = torch.autograd.grad(self._lost(v).sum(), v)
        return gradient.abs().numpy()

    def _lost(self, v: Float[Tensor, "*any"]) -> Float[Tensor, "*any"]:
        row = self.row
        return -(row.activation if self.generator_minimises == "minus-t" else row.conjugate)(v)


def _stacked(
    function: Callable[[Float[Tensor, " batch"]], Float[Tensor, " batch"]],
    values: Float[Tensor, "replica batch"],
) -> Float[Tensor, "replica batch"]:
    """Apply replica by replica: see `wganbench.nets.layers.activations` for exponentials."""
    import torch

    return torch.stack([function(of_replica) for of_replica in values])
