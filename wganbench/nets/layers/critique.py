"""What a critic returns: values, or values and more."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jaxtyping import Float
    from torch import Tensor


@dataclass(frozen=True)
class Critique:
    """What a critic returns that has more to give than values: features, codes, reconstructions."""

    values: Float[Tensor, "replica batch"]
    parts: Mapping[str, Float[Tensor, "replica batch *shape"]]


def values_of(output: Tensor | Critique) -> Float[Tensor, "replica batch"]:
    """Return the values in a critic's output."""
    return output.values if isinstance(output, Critique) else output
