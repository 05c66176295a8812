"""Convolutions with biases and TensorFlow's "same" padding, as in [GP]'s code.

An output is the input's size over the stride. What padding cannot be split evenly is longer at the
bottom and on the right.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from jaxtyping import Float
from torch import Tensor, nn
from torch.nn.functional import pad

from wganbench.nets.layers.convolve import conv, conv_transpose, replica_by_replica
from wganbench.nets.layers.initial import Law, deviation, uniform

if TYPE_CHECKING:
    from wganbench.training.streams import Streams


def _padding(kernel: int, stride: int) -> tuple[int, int]:
    """Return the padding before and after a map whose size the stride divides."""
    total = max(kernel - stride, 0)
    return total // 2, total - total // 2


class SameConv(nn.Module):
    """A convolution that divides a map's size by its stride."""

    unit_axis = 1

    def __init__(
        self,
        streams: Streams,
        inputs: int,
        outputs: int,
        kernel: int,
        stride: int = 1,
        *,
        init: Law = "he",
        bias: bool = True,
    ) -> None:
        super().__init__()
        self.stride = stride
        self.before, self.after = _padding(kernel, stride)
        std = deviation(init, inputs * kernel**2, outputs * kernel**2 / stride**2)
        self.weight = uniform(streams, std, outputs, inputs, kernel, kernel)
        self.bias = nn.Parameter(streams.like(outputs).zero_()) if bias else None

    def forward(
        self, x: Float[Tensor, "replica batch inputs height width"]
    ) -> Float[Tensor, "replica batch outputs h w"]:
        if extra := self.after - self.before:
            x = pad(x, (0, extra, 0, extra))
        convolved = replica_by_replica(conv, x, self.weight, self.stride, self.before)
        return convolved if self.bias is None else convolved + self.bias[:, None, :, None, None]


class SameConvTranspose(nn.Module):
    """The transpose of a `SameConv` of stride 2: it doubles a map's size."""

    STRIDE = 2

    def __init__(
        self, streams: Streams, inputs: int, outputs: int, kernel: int, *, init: Law = "he"
    ) -> None:
        super().__init__()
        self.before, self.after = _padding(kernel, self.STRIDE)
        std = deviation(init, inputs * kernel**2 / self.STRIDE**2, outputs * kernel**2)
        self.weight = uniform(streams, std, inputs, outputs, kernel, kernel)
        self.bias = nn.Parameter(streams.like(outputs).zero_())

    def forward(
        self, x: Float[Tensor, "replica batch inputs height width"]
    ) -> Float[Tensor, "replica batch outputs h w"]:
        doubled = replica_by_replica(conv_transpose, x, self.weight, self.STRIDE, self.before)
        size = self.STRIDE * x.shape[-1]
        return doubled[..., :size, :size] + self.bias[:, None, :, None, None]
