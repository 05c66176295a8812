"""Architectures against the papers' networks."""

from itertools import pairwise

import pytest
import torch
from configurations import configuration
from pydantic import ValidationError
from torch import nn

from wganbench.nets.affine import AffineGenerator
from wganbench.nets.dcgan import DCGANCritic, DCGANGenerator
from wganbench.nets.deep_resnet import DeepResNetCritic, DeepResNetGenerator
from wganbench.nets.gp_dcgan import GPDCGANCritic, GPDCGANGenerator
from wganbench.nets.layers.norm import BatchNorm
from wganbench.nets.layers.softplus import ShiftedSoftplus
from wganbench.nets.mlp import MLPCritic, MLPGenerator
from wganbench.nets.resnet import ResNetCritic, ResNetGenerator
from wganbench.nets.tanh_mlp import TanhMLPCritic
from wganbench.training.streams import Streams


def streams(replicas: int = 1) -> Streams:
    return Streams(tuple(range(replicas)), torch.device("cpu"))


def parameters(net: nn.Module) -> int:
    return sum(p[0].numel() for p in net.parameters())


def test_dcgan_64_has_the_official_networks_sizes():
    # Official DCGAN at 64x64, nz=100, ngf=ndf=64, nc=3: 3,576,704 and 2,765,568 parameters.
    shape = (3, 64, 64)
    assert parameters(DCGANGenerator(latent_dim=100).build(shape, streams())) == 3_576_704
    assert parameters(DCGANCritic().build(shape, streams())) == 2_765_568


def test_mlp_generator_has_four_layers_of_512_units_without_tanh():
    net = MLPGenerator(latent_dim=100).build((3, 64, 64), streams())
    sizes = [100, 512, 512, 512, 3 * 64 * 64]
    assert parameters(net) == sum(a * b + b for a, b in pairwise(sizes))
    assert not any(isinstance(layer, nn.Tanh) for layer in net)


def test_an_affine_generator_has_two_parameters_and_begins_as_its_latent():
    net, z = AffineGenerator().build((1,), streams(2)), torch.randn(2, 5, 1)
    assert parameters(net) == 2
    assert torch.equal(net(z), z)
    with torch.no_grad():
        net.mu += 1
        net.sigma *= 3
    torch.testing.assert_close(net(z), 1 + 3 * z)
    assert "latent_dim 2" in AffineGenerator().misfit((2,))
    assert not AffineGenerator(latent_dim=2).misfit((2,))


def test_the_smooth_critic_is_that_of_the_f_gan_paper():
    net = TanhMLPCritic().build((1,), streams())
    assert parameters(net) == 2 * 64 + 65 * 64 + 65  # 1-64-64-1
    x = torch.linspace(-2, 2, 7).reshape(1, 7, 1)
    first, second, head = net[1], net[3], net[5]
    hidden = (x @ first.weight + first.bias).tanh()
    hidden = (hidden @ second.weight + second.bias).tanh()
    by_hand = (hidden * head.weight).sum(-1) + head.bias
    torch.testing.assert_close(net(x), by_hand)


PAIRS = [
    (DCGANGenerator, DCGANCritic),
    (GPDCGANGenerator, GPDCGANCritic),
    (ResNetGenerator, ResNetCritic),
    (DeepResNetGenerator, DeepResNetCritic),
]


@pytest.mark.parametrize("size", [8, 16, 32, 64])
@pytest.mark.parametrize(("generator", "critic"), PAIRS)
def test_images_of_every_power_of_two_are_made_and_read(generator, critic, size):
    stack, shape = streams(2), (3, size, size)
    images = generator(latent_dim=7, width=4).build(shape, stack)(torch.randn(2, 3, 7))
    assert images.shape == (2, 3, *shape)
    assert images.abs().max() <= 1
    assert critic(width=4).build(shape, stack)(images).shape == (2, 3)


def test_no_batch_norm_means_constant_filters_too():
    net = DCGANGenerator(width=4, norm="none", constant_filters=True).build((1, 32, 32), streams())
    assert not any(isinstance(layer, BatchNorm) for layer in net)
    hidden = [layer.weight.shape[2] for layer in net if hasattr(layer, "weight")][:-1]
    assert hidden == [4, 4, 4]


def test_a_generator_without_batch_norm_keeps_its_critics_batch_norm():
    critic = DCGANCritic(width=4).build((1, 32, 32), streams())
    assert sum(isinstance(layer, BatchNorm) for layer in critic) == 2  # all but the first layer


@pytest.mark.parametrize("shape", [(2,), (1, 12, 12), (1, 4, 4), (1, 16, 32)])
def test_what_is_no_square_power_of_two_image_is_refused(shape):
    for pair in PAIRS:
        for architecture in pair:
            assert "needs square images" in architecture().misfit(shape)
            assert not architecture().misfit((3, 8, 8))


@pytest.mark.parametrize(("layers", "depth"), [(1, 4), (2, 8), (3, 12), (5, 20)])
def test_layers_per_map_make_the_depths_of_random_architectures(layers, depth):
    """[GP] table 1: depths 4, 8, 12 and 20 of nets of 32x32 images."""
    shape, stack = (3, 32, 32), streams(2)
    generator = GPDCGANGenerator(latent_dim=5, width=4, layers_per_map=layers)
    critic = GPDCGANCritic(width=4, layers_per_map=layers)
    nets = generator.build(shape, stack), critic.build(shape, stack)
    for net in nets:
        assert sum(hasattr(layer, "weight") for layer in net) == depth
    images = nets[0](torch.randn(2, 3, 5))
    assert images.shape == (2, 3, *shape)
    assert nets[1](images).shape == (2, 3)


def test_each_size_of_the_map_has_as_many_layers_and_its_filters():
    critic = GPDCGANCritic(width=4, layers_per_map=3, norm="none")
    x, found = torch.randn(1, 2, 3, 32, 32), []
    for layer in critic.build((3, 32, 32), streams()):
        if hasattr(layer, "weight"):
            found.append((*x.shape[3:], layer.weight.shape[1]))
        x = layer(x)
    maps = {32: (4, 4, 4), 16: (4, 4, 8), 8: (8, 8, 16), 4: (16, 16)}
    assert found[:-1] == [(size, size, n) for size, filters in maps.items() for n in filters]


def test_the_shifted_softplus_is_elu_made_smooth():
    x = torch.linspace(-6, 6, 101).double()[None]
    found = ShiftedSoftplus()(x)
    expected = (1 + (2 * x + 2).exp()).log() / 2 - 1
    assert torch.allclose(found, expected)
    assert (found - nn.functional.elu(x)).abs().max() < 0.1
    assert (found.diff() > 0).all()


def test_bottlenecks_need_a_width_that_four_divides():
    for architecture in (DeepResNetGenerator, DeepResNetCritic):
        with pytest.raises(ValidationError, match="width 6 must be a multiple of 4"):
            architecture(width=6)


def test_a_plan_refuses_an_architecture_that_does_not_fit_its_data():
    with pytest.raises(ValidationError, match="'dcgan' does not go with"):
        configuration("wgan", critic__name="dcgan", critic__width=4)


def test_mlps_take_images_and_points_alike():
    for shape in ((2,), (1, 16, 16)):
        stack = streams(3)
        samples = MLPGenerator(latent_dim=5, width=8, norm="batch").build(shape, stack)(
            torch.randn(3, 4, 5)
        )
        assert samples.shape == (3, 4, *shape)
        assert MLPCritic(width=8, norm="layer").build(shape, stack)(samples).shape == (3, 4)
