"""Stacked layers against torch's own, one replica at a time."""

import pytest
import torch
from torch import nn

from wganbench.nets.layers.conv import Conv, ConvTranspose
from wganbench.nets.layers.gradients import input_gradient_norm, interpolate
from wganbench.nets.layers.linear import Head, Linear
from wganbench.nets.layers.norm import BatchNorm, LayerNorm
from wganbench.training.streams import Streams

SEEDS = (3, 1, 4)


@pytest.fixture
def streams() -> Streams:
    return Streams(SEEDS, torch.device("cpu"))


def test_linear_layers_are_torchs_linear_layers(streams):
    layer = Linear(streams, 5, 7)
    x = torch.randn(3, 11, 5)
    for r, y in enumerate(layer(x)):
        oracle = nn.functional.linear(x[r], layer.weight[r].T, layer.bias[r, 0])
        torch.testing.assert_close(y, oracle)


def test_the_head_is_a_linear_layer_with_one_output(streams):
    head = Head(streams, 5)
    x = torch.randn(3, 11, 5)
    for r, y in enumerate(head(x)):
        torch.testing.assert_close(
            y, nn.functional.linear(x[r], head.weight[r], head.bias[r])[:, 0]
        )


@pytest.mark.parametrize(("stride", "padding"), [(1, 0), (2, 1)])
def test_convolutions_are_torchs_convolutions(streams, stride, padding):
    x = torch.randn(3, 2, 5, 8, 8)
    for stacked, torchs in ((Conv, nn.Conv2d), (ConvTranspose, nn.ConvTranspose2d)):
        layer = stacked(streams, 5, 6, stride, padding, "default")
        for r, y in enumerate(layer(x)):
            oracle = torchs(5, 6, 4, stride, padding, bias=False)
            oracle.weight.data = layer.weight.data[r]
            torch.testing.assert_close(y, oracle(x[r]))


def test_batch_norm_is_torchs_batch_norm_in_training_mode(streams):
    for shape, torchs in (((3, 9, 4), nn.BatchNorm1d), ((3, 9, 4, 5, 5), nn.BatchNorm2d)):
        x = 2 * torch.randn(shape) + 1
        for r, y in enumerate(BatchNorm(streams, 4, "default")(x)):
            torch.testing.assert_close(y, torchs(4)(x[r]))


def test_layer_norm_is_torchs_layer_norm(streams):
    x = 2 * torch.randn(3, 9, 4, 5, 5) + 1
    y = LayerNorm(streams, 4, "default")(x)
    torch.testing.assert_close(y, nn.functional.layer_norm(x, (4, 5, 5)))


@pytest.mark.parametrize(
    ("stacked", "torchs", "arguments"),
    [
        (Linear, nn.Linear, (50, 60)),
        (Conv, nn.Conv2d, (16, 24)),
        (ConvTranspose, nn.ConvTranspose2d, (16, 24)),
    ],
)
def test_default_initialisation_has_torchs_law(streams, stacked, torchs, arguments):
    linear = stacked is Linear
    ours = stacked(streams, *arguments, *(() if linear else (2, 1, "default"))).weight
    oracle = torchs(*arguments, *(() if linear else (4, 2, 1))).weight
    assert ours.abs().max().item() == pytest.approx(oracle.abs().max().item(), rel=0.01)
    assert ours.std().item() == pytest.approx(oracle.std().item(), rel=0.05)


def test_dcgan_initialisation_is_normal_with_deviation_two_percent(streams):
    weight = Conv(streams, 16, 64, 2, 1, "dcgan").weight
    assert weight.std().item() == pytest.approx(0.02, rel=0.02)
    assert weight.abs().max() > 0.05  # a uniform law of that deviation ends at 0.035
    scale = BatchNorm(streams, 500, "dcgan").scale
    assert scale.mean().item() == pytest.approx(1, abs=0.005)
    assert scale.std().item() == pytest.approx(0.02, rel=0.1)


def test_gradient_norm_is_taken_over_every_dimension_of_an_image(streams):
    # f(x) = <w, x> has gradient w everywhere; ports that take the norm over one axis fail here.
    w = torch.randn(3, 1, 2, 4, 4)
    norm = input_gradient_norm(lambda x: (w * x).flatten(2).sum(-1), torch.randn(3, 6, 2, 4, 4))
    torch.testing.assert_close(norm, w.flatten(1).norm(dim=1)[:, None].expand(3, 6))


def test_interpolates_lie_between_and_share_one_draw_per_image():
    real, fake = torch.zeros(2, 5, 1, 3, 3), torch.ones(2, 5, 1, 3, 3)
    share = torch.rand(2, 5)
    between = interpolate(real, fake, share)
    torch.testing.assert_close(between, (1 - share)[..., None, None, None].expand_as(between))
