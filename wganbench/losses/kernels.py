"""Kernel discrepancies: the energy distance and the maximum mean discrepancy (MMD).

The energy distance is the MMD of the kernel -|x - y| (Sejdinovic et al. 2013).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import BeforeValidator, Field, PositiveFloat

from wganbench.losses import Loss, distances

if TYPE_CHECKING:
    from jaxtyping import Float
    from torch import Tensor


class KernelDiscrepancy(Loss):
    """E k(x, x') + E k(y, y') - 2 E k(x, y)."""

    estimator: Annotated[
        Literal["unbiased", "biased"],
        Field(
            description="unbiased: x and x' are different samples of the batch, so that the mean "
            "over batches is the laws' (Bellemare et al. 2017); it may be below 0. biased: each is "
            "paired with itself too, as between the samples as laws.",
            json_schema_extra={"slug": {"unbiased": "", "biased": "biased"}},
        ),
    ] = "unbiased"

    def kernel(self, distances: Float[Tensor, "replica n m"]) -> Float[Tensor, "replica n m"]:
        """Return k by the distance of its points."""
        raise NotImplementedError

    def between(
        self, fake: Float[Tensor, "replica n dim"], real: Float[Tensor, "replica m dim"]
    ) -> Float[Tensor, " replica"]:
        """Return the squared discrepancy, in the kernel's unit."""
        across = self.kernel(distances(fake, real)).mean((1, 2))
        return self._within(fake) + self._within(real) - 2 * across

    def _within(self, x: Float[Tensor, "replica n dim"]) -> Float[Tensor, " replica"]:
        values, n = self.kernel(distances(x, x)), x.shape[1]
        if self.estimator == "biased":
            return values.mean((1, 2))
        own = values.diagonal(dim1=1, dim2=2).sum(-1)
        return (values.sum((1, 2)) - own) / (n * (n - 1))


class Energy(KernelDiscrepancy):
    """2 E|x - y| - E|x - x'| - E|y - y'| (Szekely and Rizzo 2013; Bellemare et al. 2017).

    In one dimension twice the squared Cramer distance. It is in the samples' unit.
    """

    name: Literal["energy"] = "energy"

    def kernel(self, distances: Float[Tensor, "replica n m"]) -> Float[Tensor, "replica n m"]:
        return -distances


class MMD(KernelDiscrepancy):
    """With a sum of Gaussian kernels (generative moment matching: Li et al. 2015).

    Li et al. sum kernels of several widths too, for images, and take the biased estimate.
    """

    name: Literal["mmd"] = "mmd"
    widths: Annotated[
        tuple[PositiveFloat, ...],
        Field(
            min_length=1,
            max_length=16,
            description="Standard deviations of the kernels, in the samples' unit. For laws in the "
            "plane: from what lies within a mode to the diameter, each twice the one before.",
            json_schema_extra={"slug": "w"},
        ),
        BeforeValidator(lambda value: tuple(value) if isinstance(value, list) else value),  # YAML's
    ] = (0.125, 0.25, 0.5, 1.0, 2.0, 4.0)

    def kernel(self, distances: Float[Tensor, "replica n m"]) -> Float[Tensor, "replica n m"]:
        from torch import stack

        squares = distances**2
        # Replica by replica: see `nets.layers.activations`.
        return stack([sum((s / (-2 * w**2)).exp() for w in self.widths) for s in squares])
