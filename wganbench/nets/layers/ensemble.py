"""Critics side by side."""

from collections.abc import Iterable

import torch
from jaxtyping import Float
from torch import Tensor, nn


class Mean(nn.Module):
    """The mean of several critics' values."""

    def __init__(self, members: Iterable[nn.Module]) -> None:
        super().__init__()
        for place, member in enumerate(members):
            self.add_module(str(place), member)

    def forward(
        self, samples: Float[Tensor, "replica batch *shape"]
    ) -> Float[Tensor, "replica batch"]:
        return torch.stack([member(samples) for member in self.children()]).mean(0)
