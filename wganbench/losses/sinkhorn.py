"""The Sinkhorn divergence: entropic transport, made zero for equal samples."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field, PositiveInt

from wganbench.losses import Loss, distances

if TYPE_CHECKING:
    from collections.abc import Callable

    from jaxtyping import Float
    from torch import Tensor


class Sinkhorn(Loss):
    """OT(x, y) - OT(x, x) / 2 - OT(y, y) / 2 with entropic OT (Genevay et al. 2018, equation 5).

    The ground cost is the Euclidean distance. Gradients are those of the costs with the plans held
    fixed, not through the iterations (Feydy et al. 2019, section 3.2).
    """

    name: Literal["sinkhorn"] = "sinkhorn"
    epsilon: Annotated[
        float,
        Field(
            gt=0,
            le=1e6,
            description="Weight of the entropy, in the samples' unit: near 0 it is exact "
            "transport, far above their distances the energy distance.",
            json_schema_extra={"slug": "eps"},
        ),
    ] = 0.1
    rounds: Annotated[
        PositiveInt,
        Field(
            le=10_000,
            description="Rounds of scaling rows and columns, always all of them.",
            json_schema_extra={"slug": "rounds"},
        ),
    ] = 20

    def between(
        self, fake: Float[Tensor, "replica n dim"], real: Float[Tensor, "replica m dim"]
    ) -> Float[Tensor, " replica"]:
        """Return the divergence, in the samples' unit."""
        # In double precision scalings may span e^700: the smallest epsilon is a thousandth of the
        # largest distance.
        x, y = fake.double(), real.double()
        across, within, real_within = (
            entropic(distances(*pair), self.epsilon, self.rounds)
            for pair in ((x, y), (x, x), (y, y))
        )
        return (across - within / 2 - real_within / 2).float()


def entropic(
    costs: Float[Tensor, "replica n m"], epsilon: float, rounds: int
) -> Float[Tensor, " replica"]:
    """Return min <plan, costs> + epsilon KL(plan | equal weights) over plans of equal weights.

    The value is the dual's, a bound from below before the rounds have converged.
    """
    from torch import exp, log, no_grad, stack

    def each(function: Callable[[Tensor], Tensor], values: Tensor) -> Tensor:
        """Apply replica by replica: see `nets.layers.activations`."""
        return stack([function(of_replica) for of_replica in values])

    with no_grad():
        rows = costs.min(2, keepdim=True).values
        columns = (costs - rows).min(1, keepdim=True).values
        # Of every row and column the largest entry is near 1, so that none can vanish.
        kernel = each(exp, (rows + columns - costs) / epsilon)
        n, m = kernel.shape[1:]
        v = kernel.new_ones(len(kernel), 1, m)
        for _ in range(rounds):
            u = m / (kernel @ v.mT)
            v = n / (u.mT @ kernel)
        plan = u * kernel * v / (n * m)
        dual = sum((p + epsilon * each(log, w)).mean((1, 2)) for p, w in ((rows, u), (columns, v)))
    change: Tensor = (plan * (costs - costs.detach())).sum((1, 2))  # 0, with the gradient
    return dual + change
