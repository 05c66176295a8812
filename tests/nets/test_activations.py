"""Activations of straight pieces are torch's, and cost a gradient of a gradient nothing extra."""

from copy import deepcopy

import pytest
import torch
from products import Products
from torch import nn

from wganbench.nets.dcgan import DCGANCritic
from wganbench.nets.layers.activations import LEAK, LeakyReLU, ReLU, differentiated_twice
from wganbench.nets.layers.gradients import input_gradient_norm
from wganbench.nets.mlp import MLPCritic
from wganbench.training.streams import Streams

KINDS = {"ReLU": (ReLU(), nn.ReLU()), "LeakyReLU": (LeakyReLU(LEAK), nn.LeakyReLU(LEAK))}
EDGES = [0.0, -0.0, float("inf"), float("-inf"), float("nan"), 1e-40, -1e-40, 1e-30, -1e-30]
REPLICAS, BATCH, WIDTH, DEPTH = 2, 16, 24, 3


def critic() -> nn.Module:
    streams = Streams(tuple(range(REPLICAS)), torch.device("cpu"))
    return MLPCritic(width=WIDTH, depth=DEPTH).build((2,), streams)


def penalty(net: nn.Module, points: torch.Tensor) -> torch.Tensor:
    return ((input_gradient_norm(net, points, create_graph=True) - 1) ** 2).mean()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("twice", [False, True])
def test_values_and_gradients_are_torchs_to_the_last_bit(kind, twice):
    ours, torchs = KINDS[kind]
    x = torch.cat([torch.randn(500), torch.tensor(EDGES)]).requires_grad_()
    of_y = torch.randn_like(x)
    expected = torchs(x)
    with differentiated_twice(wanted=twice):
        found = ours(x)
    (gradient,) = torch.autograd.grad(found, x, of_y)
    (oracle,) = torch.autograd.grad(expected, x, of_y)
    assert torch.equal(found.nan_to_num(7.0), expected.nan_to_num(7.0))
    assert torch.equal(gradient.nan_to_num(7.0), oracle.nan_to_num(7.0))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("twice", [False, True])
def test_in_place_they_are_the_same_and_write_over_what_they_are_given(kind, twice):
    apart, _ = KINDS[kind]
    inside = deepcopy(apart)
    inside.inplace = True
    x, of_y = torch.randn(2, 500).requires_grad_(), torch.randn(2, 500)
    found = {}
    for activation in (apart, inside):
        given = 2 * x
        with differentiated_twice(wanted=twice):
            y = activation(given)
        (gradient,) = torch.autograd.grad(y, x, of_y)
        found[activation.inplace] = y, gradient
        assert torch.equal(given, y) == activation.inplace
    assert all(torch.equal(a, b) for a, b in zip(found[True], found[False], strict=True))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("inplace", [False, True])
def test_a_penaltys_gradient_is_the_one_through_torchs_to_the_last_bit(kind, inplace):
    ours, torchs = map(deepcopy, KINDS[kind])
    ours.inplace = inplace
    net, points = critic(), torch.randn(REPLICAS, BATCH, 2)
    gradients = []
    for activation in (ours, torchs):
        for place in range(2, len(net) - 1, 2):
            net[place] = activation
        parameters = [layer.weight for layer in net if hasattr(layer, "weight")]
        gradients.append(torch.autograd.grad(penalty(net, points), parameters))
    assert all(g.abs().sum() > 0 for g in gradients[0])
    assert all(torch.equal(a, b) for a, b in zip(*gradients, strict=True))


@pytest.mark.parametrize("net", [MLPCritic(width=WIDTH), DCGANCritic(width=8, norm="none")])
def test_a_penaltys_gradient_takes_four_products_a_layer_and_walks_no_zeros_through_the_net(net):
    """Values, their gradient by the points, and of that both the gradients that a product has."""
    shape = (2,) if net.name == "mlp" else (5, 16, 16)  # more channels than an image: convolutions
    streams = Streams((0,), torch.device("cpu"))
    net = net.build(shape, streams)
    *layers, head = (layer for layer in net if hasattr(layer, "weight"))  # which is no product
    points = torch.randn(1, BATCH, *shape)
    with Products() as products:
        torch.autograd.grad(penalty(net, points), [layer.weight for layer in [*layers, head]])
    assert products.count == 4 * len(layers)


def test_outside_of_its_context_a_net_is_differentiated_as_torchs_is():
    x = torch.randn(3, requires_grad=True)
    with differentiated_twice():
        pass
    with pytest.raises(ZeroDivisionError), differentiated_twice():
        _ = 1 / 0
    assert ReLU()(x).grad_fn.name() == nn.ReLU()(x).grad_fn.name()
