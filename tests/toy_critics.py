"""A critic that returns more than values, and an objective that looks at it."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from wganbench.nets import Critic, Critique
from wganbench.objectives import Objective, Quantity

if TYPE_CHECKING:
    from torch import Tensor
    from torch.nn import Module

    from wganbench.training.streams import Streams


class AutoEncodingCritic(Critic):
    """Its value is minus the error of a linear auto-encoder, which it returns too."""

    name: Literal["toy-auto-encoder"] = "toy-auto-encoder"
    codes: int = 1

    def build(self, shape: tuple[int, ...], streams: Streams) -> Module:
        """Return the net: points [replica batch dim] in, a Critique out."""
        from torch import nn

        from wganbench.nets.layers.linear import Linear

        class AutoEncoder(nn.Module):
            def __init__(self, codes: int) -> None:
                super().__init__()
                self.encode = Linear(streams, shape[0], codes)
                self.decode = Linear(streams, codes, shape[0])

            def forward(self, x: Tensor) -> Critique:
                codes = self.encode(x)
                found = self.decode(codes)
                error = ((found - x) ** 2).sum(-1)
                return Critique(-error, {"codes": codes, "reconstruction": found})

        return AutoEncoder(self.codes)


class Reconstructing(Objective):
    """Wasserstein's, and small codes of real samples: it sees more than values."""

    name: Literal["toy-reconstructing"] = "toy-reconstructing"
    quantity: ClassVar[Quantity] = Quantity("toy distance", "toy", "", None, is_distance=False)

    def sees(self, output: Tensor | Critique) -> Critique:
        """Return all of the critique."""
        assert isinstance(output, Critique), "made for a critic with codes"
        return output

    def critic_loss(self, real: Critique, fake: Critique) -> Tensor:
        """Return E f(G(z)) - E f(x) + E |code of x|^2."""
        size = (real.parts["codes"] ** 2).sum(-1).mean(-1)
        return fake.values.mean(-1) - real.values.mean(-1) + size

    def generator_loss(self, fake: Critique) -> Tensor:
        """Return -E f(G(z))."""
        return -fake.values.mean(-1)
