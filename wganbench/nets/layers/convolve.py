"""torch's convolutions without biases, by other sums where those are several times faster.

The results are the same up to rounding. benchmarks/convolutions.py measures what it saves.
"""

from collections.abc import Callable

import torch
from jaxtyping import Float
from torch import Tensor
from torch.nn.functional import conv2d, conv_transpose2d, fold, unfold

from wganbench.nets.layers.bilinear_conv import bilinear_conv

FEW_CHANNELS = 4  # an image's

Convolution = Callable[[Tensor, Tensor, int, int], Tensor]


def replica_by_replica(
    convolution: Convolution,
    x: Float[Tensor, "replica batch inputs height width"],
    weight: Float[Tensor, "replica out in kernel kernel"],
    stride: int,
    padding: int,
) -> Float[Tensor, "replica batch outputs h w"]:
    """Return the convolutions of each replica's maps.

    One after another: a grouped convolution sums in another order when there is one group, and on
    a CPU it is not faster.
    """
    pairs = zip(x, weight, strict=True)
    return torch.stack([convolution(m, w, stride, padding) for m, w in pairs])


def conv(
    x: Float[Tensor, "batch inputs height width"],
    weight: Float[Tensor, "outputs inputs kernel kernel"],
    stride: int,
    padding: int,
) -> Float[Tensor, "batch outputs h w"]:
    """Return torch's conv2d.

    One unit that looks at the whole map is a sum of products. On a CPU, an image that a gradient is
    asked for is taken apart into columns: the gradient would be a slow `conv_transpose`. On a GPU
    its gradients have gradients as fast as they are.
    """
    if len(weight) == 1 and x.shape[1:] == weight.shape[1:] and not padding:
        return (x * weight).sum((1, 2, 3), keepdim=True)
    if x.is_cpu and x.requires_grad and weight.shape[1] <= FEW_CHANNELS:
        kernel = weight.shape[-1]
        height, width = ((side + 2 * padding - kernel) // stride + 1 for side in x.shape[2:])
        columns = _unfolded(x, kernel, padding=padding, stride=stride)
        sums = torch.bmm(weight.flatten(1).expand(len(x), -1, -1), columns)
        return sums.view(len(x), len(weight), height, width)
    if x.is_cpu:
        return conv2d(x, weight, None, stride, padding)
    return bilinear_conv(_laid_out(x), _laid_out(weight), stride, padding)


def conv_transpose(
    x: Float[Tensor, "batch inputs height width"],
    weight: Float[Tensor, "inputs outputs kernel kernel"],
    stride: int,
    padding: int,
) -> Float[Tensor, "batch outputs h w"]:
    """Return torch's conv_transpose2d.

    From a map of one pixel it is a matrix product. On a CPU, to an image's few channels, it is one
    whose columns are added up where they overlap.
    """
    if x.shape[2:] == (1, 1) and not padding:
        return torch.mm(x.flatten(1), weight.flatten(1)).view(len(x), *weight.shape[1:])
    if x.is_cpu and weight.shape[1] <= FEW_CHANNELS:
        kernel = weight.shape[-1]
        height, width = ((side - 1) * stride - 2 * padding + kernel for side in x.shape[2:])
        columns = torch.bmm(weight.flatten(1).t().expand(len(x), -1, -1), x.flatten(2))
        return _folded(columns, (height, width), kernel, padding=padding, stride=stride)
    return conv_transpose2d(_laid_out(x), _laid_out(weight), None, stride, padding)


def _laid_out(tensor: Float[Tensor, "n c h w"]) -> Float[Tensor, "n c h w"]:
    """Return a tensor as a GPU convolves it fastest: with channels last, lowered if it is to be."""
    if tensor.is_cpu:
        return tensor
    if torch.is_autocast_enabled(tensor.device.type):
        tensor = tensor.to(torch.get_autocast_dtype(tensor.device.type))
    return tensor.contiguous(memory_format=torch.channels_last)


def _unfolded(
    x: Float[Tensor, "batch channels height width"], kernel: int, **how: int
) -> Float[Tensor, "batch inputs place"]:
    """Return torch's unfold, of all images as one of many channels: it takes images one by one."""
    columns = unfold(x.reshape(1, -1, *x.shape[2:]), kernel, **how)
    return columns.view(len(x), -1, columns.shape[-1])


def _folded(
    columns: Float[Tensor, "batch outputs place"], size: tuple[int, int], kernel: int, **how: int
) -> Float[Tensor, "batch channels height width"]:
    """Return torch's fold, in the same way."""
    images = fold(columns.reshape(1, -1, columns.shape[-1]), size, kernel, **how)
    return images.view(len(columns), -1, *size)
