"""A convolution whose second gradients are a GPU's own kernels, as its first ones are.

A convolution is bilinear in its maps and its weight, and so are both its gradients: of maps, weight
and sums, any one is made of the other two, and its gradients by these are made so again. torch
instead writes the gradient of a gradient by the weight as a convolution whose kernel is as large as
a map, which takes cuDNN up to four times as long (benchmarks/results-gpu.md).
"""

from __future__ import annotations

from typing import Any, NamedTuple

import torch
from jaxtyping import Float
from torch import Tensor
from torch.autograd import Function
from torch.nn.functional import conv2d


class Three(NamedTuple):
    """Maps, a weight and sums; the one that is to be made gives its shape, None for sums."""

    maps: Float[Tensor, "batch inputs height width"]
    weight: Float[Tensor, "outputs inputs kernel kernel"]
    sums: Float[Tensor, "batch outputs h w"] | None


MAPS, WEIGHT, SUMS = range(3)
How = tuple[int, int]


def bilinear_conv(
    x: Float[Tensor, "batch inputs height width"],
    weight: Float[Tensor, "outputs inputs kernel kernel"],
    stride: int,
    padding: int,
) -> Float[Tensor, "batch outputs h w"]:
    """Return torch's conv2d of tensors of one type, without a bias."""
    return _one_of(Three(x, weight, None), SUMS, (stride, padding))


def _one_of(three: Three, made: int, how: How) -> Tensor:
    """Return one of the three, made of the other two and differentiable in them."""
    with torch.no_grad():
        result = _compute(three, made, how)
    if not torch.is_grad_enabled():
        return result
    sources = [i for i, tensor in enumerate(three)
               if i != made and tensor is not None and tensor.requires_grad]  # fmt: skip
    ways = [_By.apply(result, three[source], three, made, source, how) for source in sources]
    return _All.apply(*ways) if ways else result


def _compute(three: Three, made: int, how: How) -> Tensor:
    if made == SUMS:
        return conv2d(three.maps, three.weight, None, *how)
    stride, padding = ([each, each] for each in how)
    wanted = [made == MAPS, made == WEIGHT, False]
    gradients = torch.ops.aten.convolution_backward(
        three.sums, three.maps, three.weight, None,
        stride, padding, [1, 1], False, [0, 0], 1, wanted,
    )  # fmt: skip
    return gradients[made]  # type: ignore[no-any-return]


class _By(Function):
    """Passes a result on, whose gradient by one of its two sources is made here.

    Each source has a node of its own, as autograd asks a node for all its gradients or for none:
    a penalty's first gradient is by the maps alone.
    """

    @staticmethod
    def forward(
        result: Tensor, tensor: Tensor, three: Three, made: int, source: int, how: How
    ) -> Tensor:
        return result.view_as(result)

    @staticmethod
    def setup_context(ctx: Any, inputs: tuple[Any, ...], output: Tensor) -> None:
        _, _, three, ctx.made, ctx.source, ctx.how = inputs
        ctx.save_for_backward(*three)
        ctx.set_materialize_grads(False)

    @staticmethod
    def backward(ctx: Any, of_result: Tensor | None) -> tuple[Tensor | None, ...]:
        if of_result is None:
            return (None,) * 6
        three: list[Any] = list(ctx.saved_tensors)
        three[ctx.made] = of_result
        return None, _one_of(Three(*three), ctx.source, ctx.how), None, None, None, None


class _All(Function):
    """Passes on what all its inputs are alike; the gradient is each one's."""

    @staticmethod
    def forward(*alike: Tensor) -> Tensor:
        return alike[0].view_as(alike[0])

    @staticmethod
    def setup_context(ctx: Any, inputs: tuple[Tensor, ...], output: Tensor) -> None:
        ctx.inputs = len(inputs)
        ctx.set_materialize_grads(False)

    @staticmethod
    def backward(ctx: Any, of_result: Tensor | None) -> tuple[Tensor | None, ...]:
        return (of_result,) * int(ctx.inputs)
