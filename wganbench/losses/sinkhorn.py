"""The Sinkhorn divergence: entropic transport, made zero for equal samples."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field, PositiveInt

from wganbench.losses import Loss, distances

if TYPE_CHECKING:
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
    ] = 50

    def between(
        self, fake: Float[Tensor, "replica n dim"], real: Float[Tensor, "replica m dim"]
    ) -> Float[Tensor, " replica"]:
        """Return the divergence, in the samples' unit."""
        # In double precision scalings may span e^700: the smallest epsilon is a thousandth of the
        # largest distance.
        x, y = fake.double(), real.double()
        across, within = self._entropic(distances(x, y)), self._entropic(distances(x, x))
        return (across - within / 2 - self._entropic(distances(y, y)) / 2).float()

    def _entropic(self, costs: Float[Tensor, "replica n m"]) -> Float[Tensor, " replica"]:
        """Return each replica's entropic cost; sums and exponentials are its own."""
        from torch import stack

        return stack([entropic(of_replica, self.epsilon, self.rounds) for of_replica in costs])


def entropic(costs: Float[Tensor, "n m"], epsilon: float, rounds: int) -> Float[Tensor, ""]:
    """Return min <plan, costs> + epsilon KL(plan | equal weights) over plans of equal weights.

    The value is the dual's, a bound from below before the rounds have converged.
    """
    from torch import no_grad

    with no_grad():
        rows = costs.min(1).values
        columns = (costs - rows[:, None]).min(0).values
        # Of every row and column the largest entry is near 1, so that none can vanish.
        kernel = ((rows[:, None] + columns - costs) / epsilon).exp()
        n, m = kernel.shape
        v = kernel.new_ones(m)
        for _ in range(rounds):
            u = m / (kernel @ v)
            v = n / (u @ kernel)
        plan = u[:, None] * kernel * v / (n * m)
        dual = (rows + epsilon * u.log()).mean() + (columns + epsilon * v.log()).mean()
    change: Tensor = (plan * (costs - costs.detach())).sum()  # 0, with the gradient
    return dual + change
