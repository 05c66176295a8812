"""A convolution whose second gradients are a GPU's own kernels, as its first ones are.

A convolution is bilinear in its maps and its weight, and so are both its gradients: a gradient of
one of the three is another of the three. torch instead writes the gradient of a gradient by the
weight as a convolution whose kernel is as large as a map, which takes cuDNN up to four times as
long: a quarter of an iteration of WGAN-GP on 64x64 images (benchmarks/results-gpu.md).
"""

from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor
from torch.autograd import Function
from torch.nn.functional import conv2d

Maps = Float[Tensor, "batch inputs height width"]
Weight = Float[Tensor, "outputs inputs kernel kernel"]
Sums = Float[Tensor, "batch outputs h w"]


def bilinear_conv(x: Maps, weight: Weight, stride: int, padding: int) -> Sums:
    """Return torch's conv2d of tensors of one type, without a bias."""
    return _Sums.apply(x, weight, (stride, padding))  # type: ignore[no-any-return]


def _gradients(
    of_sums: Sums, x: Maps, weight: Weight, how: tuple[int, int], *wanted: bool
) -> tuple[Maps, Weight]:
    """Return the gradients by the maps and by the weight, as far as they are wanted."""
    stride, padding = ([each, each] for each in how)
    by_maps, by_weight, _ = torch.ops.aten.convolution_backward(
        of_sums, x, weight, None, stride, padding, [1, 1], False, [0, 0], 1, [*wanted, False]
    )
    return by_maps, by_weight


class _Bilinear(Function):
    """One of the three: of two of the tensors, and shaped as the third, which it does not use."""

    @staticmethod
    def setup_context(ctx: Any, inputs: tuple[Any, ...], output: Tensor) -> None:
        *tensors, ctx.how = inputs
        ctx.save_for_backward(*tensors)


class _Sums(_Bilinear):
    @staticmethod
    def forward(x: Maps, weight: Weight, how: tuple[int, int]) -> Sums:
        return conv2d(x, weight, None, *how)

    @staticmethod
    def backward(ctx: Any, of_sums: Sums) -> tuple[Maps | None, Weight | None, None]:
        (x, weight), (by_x, by_weight, _) = ctx.saved_tensors, ctx.needs_input_grad
        return (
            _ByMaps.apply(of_sums, x, weight, ctx.how) if by_x else None,
            _ByWeight.apply(of_sums, x, weight, ctx.how) if by_weight else None,
            None,
        )


class _ByMaps(_Bilinear):
    @staticmethod
    def forward(of_sums: Sums, x: Maps, weight: Weight, how: tuple[int, int]) -> Maps:
        return _gradients(of_sums, x, weight, how, True, False)[0]

    @staticmethod
    def backward(ctx: Any, of_maps: Maps) -> tuple[Sums | None, None, Weight | None, None]:
        of_sums, _, weight = ctx.saved_tensors
        by_sums, _, by_weight, _ = ctx.needs_input_grad
        return (
            _Sums.apply(of_maps, weight, ctx.how) if by_sums else None,
            None,
            _ByWeight.apply(of_sums, of_maps, weight, ctx.how) if by_weight else None,
            None,
        )


class _ByWeight(_Bilinear):
    @staticmethod
    def forward(of_sums: Sums, x: Maps, weight: Weight, how: tuple[int, int]) -> Weight:
        return _gradients(of_sums, x, weight, how, False, True)[1]

    @staticmethod
    def backward(ctx: Any, of_weight: Weight) -> tuple[Sums | None, Maps | None, None, None]:
        of_sums, x, _ = ctx.saved_tensors
        by_sums, by_x, _, _ = ctx.needs_input_grad
        return (
            _Sums.apply(x, of_weight, ctx.how) if by_sums else None,
            _ByMaps.apply(of_sums, x, of_weight, ctx.how) if by_x else None,
            None,
            None,
        )
