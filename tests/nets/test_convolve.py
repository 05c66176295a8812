"""Convolutions by other sums are torch's, with their gradients and those of a gradient penalty."""

import pytest
import torch
from products import Products
from torch.nn.functional import conv2d, conv_transpose2d

from wganbench.nets.layers.bilinear_conv import bilinear_conv
from wganbench.nets.layers.convolve import FEW_CHANNELS, conv, conv_transpose

# Inputs, outputs, kernel, size, stride, padding.
CONVOLUTIONS = {
    "an image": (1, 6, 4, 16, 2, 1),
    "an image in colour, odd sizes": (FEW_CHANNELS, 5, 5, 17, 2, 1),
    "an image, stride one": (3, 5, 3, 8, 1, 1),
    "maps": (FEW_CHANNELS + 1, 6, 4, 8, 2, 1),
    "one unit on the whole map": (8, 1, 4, 4, 1, 0),
    "two units on the whole map": (8, 2, 4, 4, 1, 0),
    "one unit, padded": (8, 1, 4, 4, 1, 1),
}
TRANSPOSED = {
    "to an image": (6, 1, 4, 8, 2, 1),
    "to an image in colour, odd sizes": (6, FEW_CHANNELS, 5, 8, 2, 1),
    "to an image, stride one": (5, 3, 3, 8, 1, 0),
    "to maps": (6, FEW_CHANNELS + 1, 4, 8, 2, 1),
    "from one pixel": (7, 6, 4, 1, 1, 0),
    "from one pixel to an image, stride two": (7, 3, 4, 1, 2, 0),
    "from one pixel, padded": (7, 6, 4, 1, 2, 1),
}


def values_and_gradients(function, x, weight, stride, padding):
    """Return the values, both gradients of their sum of squares, and that of a penalty."""
    y = function(x, weight, stride, padding)
    first = torch.autograd.grad((y**2).sum(), (x, weight), create_graph=True)
    penalty = (first[0].flatten(1).norm(dim=1) - 1).square().sum()
    return [y, *first, *torch.autograd.grad(penalty, (x, weight))]


def assert_equal(function, torchs, shape, weight_shape, stride, padding):
    draws = torch.Generator().manual_seed(0)
    x = torch.randn(5, *shape, generator=draws, dtype=torch.float64, requires_grad=True)
    weight = torch.randn(weight_shape, generator=draws, dtype=torch.float64, requires_grad=True)
    found = values_and_gradients(function, x, weight, stride, padding)
    oracle = values_and_gradients(lambda x, w, s, p: torchs(x, w, None, s, p), x, weight,
                                  stride, padding)  # fmt: skip
    for one, other in zip(found, oracle, strict=True):
        torch.testing.assert_close(one, other, rtol=1e-11, atol=1e-11)
    with torch.no_grad():  # no gradient of the input is asked for: perhaps another way
        torch.testing.assert_close(function(x, weight, stride, padding), oracle[0].detach())


@pytest.mark.parametrize("case", CONVOLUTIONS)
def test_a_convolution_is_torchs(case):
    inputs, outputs, kernel, size, stride, padding = CONVOLUTIONS[case]
    shapes = (inputs, size, size), (outputs, inputs, kernel, kernel)
    assert_equal(conv, conv2d, *shapes, stride, padding)


@pytest.mark.parametrize("case", CONVOLUTIONS)
def test_a_convolution_that_a_gpu_takes_is_torchs(case):
    inputs, outputs, kernel, size, stride, padding = CONVOLUTIONS[case]
    shapes = (inputs, size, size), (outputs, inputs, kernel, kernel)
    assert_equal(bilinear_conv, conv2d, *shapes, stride, padding)


@pytest.mark.parametrize("asked", [(True, True), (True, False), (False, True)])
def test_the_gradients_of_its_gradients_are_those_by_differences(asked):
    draws = torch.Generator().manual_seed(0)
    x, weight = (
        torch.randn(*shape, generator=draws, dtype=torch.float64, requires_grad=wanted)
        for shape, wanted in zip([(2, 2, 5, 5), (3, 2, 3, 3)], asked, strict=True)
    )
    assert torch.autograd.gradgradcheck(lambda x, w: bilinear_conv(x, w, 2, 1), (x, weight))


@pytest.mark.parametrize(("by_weight_too", "convolutions"), [(False, 2), (True, 3)])
def test_a_gradient_by_the_maps_alone_computes_none_by_the_weight(by_weight_too, convolutions):
    x = torch.randn(2, 3, 8, 8, requires_grad=True)
    weight = torch.randn(5, 3, 4, 4, requires_grad=True)
    with Products() as products:
        sums = bilinear_conv(x, weight, 2, 1)
        torch.autograd.grad(sums.sum(), (x, weight) if by_weight_too else x, create_graph=True)
    assert products.count == convolutions


@pytest.mark.parametrize("case", TRANSPOSED)
def test_a_transposed_convolution_is_torchs(case):
    inputs, outputs, kernel, size, stride, padding = TRANSPOSED[case]
    shapes = (inputs, size, size), (inputs, outputs, kernel, kernel)
    assert_equal(conv_transpose, conv_transpose2d, *shapes, stride, padding)


@pytest.mark.parametrize("case", ["an image", "maps", "one unit on the whole map"])
def test_in_bfloat16_it_rounds_as_torch_does(case):
    inputs, outputs, kernel, size, stride, padding = CONVOLUTIONS[case]
    x = torch.rand(5, inputs, size, size, requires_grad=True)
    weight = torch.rand(outputs, inputs, kernel, kernel)
    with torch.autocast("cpu", torch.bfloat16):
        found, oracle = conv(x, weight, stride, padding), conv2d(x, weight, None, stride, padding)
    torch.testing.assert_close(found.float(), oracle.float(), rtol=1e-2, atol=1e-2)
