"""Architectures against the official networks, rebuilt in plain torch: sizes and outputs."""

from collections.abc import Callable

import pytest
import torch
import torch_networks as official
from torch import nn

from wganbench.nets import Critic, Generator
from wganbench.nets.dcgan import DCGANCritic, DCGANGenerator
from wganbench.nets.deep_resnet import DeepResNetCritic, DeepResNetGenerator
from wganbench.nets.gp_dcgan import GPDCGANCritic, GPDCGANGenerator
from wganbench.nets.layers.activations import Gate, nonlinearity
from wganbench.nets.layers.linear import Head, Linear
from wganbench.nets.layers.same_conv import SameConv, SameConvTranspose
from wganbench.nets.mlp import MLPCritic, MLPGenerator
from wganbench.nets.resnet import ResNetCritic, ResNetGenerator
from wganbench.training.streams import Streams

# Sources: martinarjovsky/WassersteinGAN (models/dcgan.py, models/mlp.py) and
# igul222/improved_wgan_training (gan_64x64.py), as in torch_networks.py.
RELU, LEAKY, TANH, GATED = nn.ReLU(), nn.LeakyReLU(0.2), nn.Tanh(), official.Gated()

# Each architecture at a width w, with its oracle for size s, channels c and latents z.
Oracle = Callable[[int, int, int, int], nn.Module]
GENERATORS: dict[str, tuple[Callable[..., Generator], Oracle, int]] = {
    "[WGAN] DCGAN_G": (
        lambda **k: DCGANGenerator(**k),
        lambda s, c, z, w: official.dcgan_generator(s, c, z, w),
        3_576_704,
    ),
    "[WGAN] DCGAN_G_nobn, the code's --noBN": (
        lambda **k: DCGANGenerator(norm="none", **k),
        lambda s, c, z, w: official.dcgan_generator(s, c, z, w, "none"),
        3_574_784,
    ),
    "[WGAN] figure 6, no batch norm and constant filters": (
        lambda **k: DCGANGenerator(norm="none", constant_filters=True, **k),
        lambda s, c, z, w: official.dcgan_generator(s, c, z, w, "none", halve=False),
        302_080,
    ),
    "[GP] DCGANGenerator": (
        lambda **k: GPDCGANGenerator(**k),
        lambda s, c, z, w: official.gp_dcgan_generator(s, c, z, w, "batch", RELU),
        5_364_739,
    ),
    "[GP] DCGANGenerator, tanh": (
        lambda **k: GPDCGANGenerator(nonlinearity="tanh", **k),
        lambda s, c, z, w: official.gp_dcgan_generator(s, c, z, w, "batch", TANH),
        5_364_739,
    ),
    "[GP] DCGANGenerator, no normalisation": (
        lambda **k: GPDCGANGenerator(norm="none", **k),
        lambda s, c, z, w: official.gp_dcgan_generator(s, c, z, w, "none", RELU),
        5_362_819,
    ),
    "[GP] WGANPaper_CrippledDCGANGenerator": (
        lambda **k: GPDCGANGenerator(norm="none", constant_filters=True, init="he", **k),
        lambda s, c, z, w: official.gp_dcgan_generator(s, c, z, w, "none", RELU, halve=False),
        444_291,
    ),
    "[GP] MultiplicativeDCGANGenerator": (
        lambda **k: GPDCGANGenerator(nonlinearity="gated", init="he", **k),
        lambda s, c, z, w: official.gp_dcgan_generator(s, c, z, w, "batch", GATED),
        10_724_675,
    ),
    "[GP] GoodGenerator": (
        lambda **k: ResNetGenerator(**k),
        lambda s, c, z, w: official.resnet_generator(s, c, z, w, "batch"),
        8_540_483,
    ),
    "[GP] ResnetGenerator": (
        lambda **k: DeepResNetGenerator(**k),
        lambda s, c, z, w: official.deep_resnet_generator(s, c, z, w, "batch"),
        9_189_587,
    ),
}
CRITICS: dict[str, tuple[Callable[..., Critic], Callable[[int, int, int], nn.Module], int]] = {
    "[WGAN] DCGAN_D": (
        lambda **k: DCGANCritic(**k),
        lambda s, c, w: official.dcgan_critic(s, c, w),
        2_765_568,
    ),
    "[WGAN] DCGAN_D_nobn": (
        lambda **k: DCGANCritic(norm="none", **k),
        lambda s, c, w: official.dcgan_critic(s, c, w, "none"),
        2_763_776,
    ),
    "[GP] DCGANDiscriminator": (
        lambda **k: GPDCGANCritic(**k),
        lambda s, c, w: official.gp_dcgan_critic(s, c, w, "batch", LEAKY),
        4_316_545,
    ),
    "[GP] DCGANDiscriminator, layer norm and tanh": (
        lambda **k: GPDCGANCritic(norm="layer", nonlinearity="tanh", **k),
        lambda s, c, w: official.gp_dcgan_critic(s, c, w, "layer", TANH),
        4_316_545,
    ),
    "[GP] DCGANDiscriminator, no normalisation": (
        lambda **k: GPDCGANCritic(norm="none", **k),
        lambda s, c, w: official.gp_dcgan_critic(s, c, w, "none", LEAKY),
        4_314_753,
    ),
    "[GP] MultiplicativeDCGANDiscriminator": (
        lambda **k: GPDCGANCritic(norm="layer", nonlinearity="gated", init="he", **k),
        lambda s, c, w: official.gp_dcgan_critic(s, c, w, "layer", GATED),
        8_624_897,
    ),
    "[GP] GoodDiscriminator": (
        lambda **k: ResNetCritic(norm="layer", **k),
        lambda s, c, w: official.resnet_critic(s, c, w, "layer"),
        7_491_841,
    ),
    "[GP] ResnetDiscriminator": (
        lambda **k: DeepResNetCritic(norm="layer", **k),
        lambda s, c, w: official.deep_resnet_critic(s, c, w, "layer"),
        7_618_801,
    ),
}


def streams(replicas: int = 1) -> Streams:
    return Streams(tuple(range(replicas)), torch.device("cpu"))


def sizes(net: nn.Module, *, stacked: bool) -> int:
    return sum((p[0] if stacked else p).numel() for p in net.parameters())


@pytest.mark.parametrize("name", GENERATORS)
def test_generators_at_64_have_the_official_number_of_parameters(name):
    make, oracle, parameters = GENERATORS[name]
    latent = 128 if name.startswith("[GP]") else 100
    with torch.device("meta"):
        assert sizes(oracle(64, 3, latent, 64), stacked=False) == parameters
    net = make(latent_dim=latent).build((3, 64, 64), streams())
    assert sizes(net, stacked=True) == parameters


@pytest.mark.parametrize("name", CRITICS)
def test_critics_at_64_have_the_official_number_of_parameters(name):
    make, oracle, parameters = CRITICS[name]
    with torch.device("meta"):
        assert sizes(oracle(64, 3, 64), stacked=False) == parameters
    assert sizes(make().build((3, 64, 64), streams()), stacked=True) == parameters


def assert_close(ours: torch.Tensor, theirs: torch.Tensor) -> None:
    scale = theirs.std()  # small without normalisation, but never none: a constant proves nothing
    assert scale > 1e-7
    torch.testing.assert_close(ours / scale, theirs / scale, rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize("size", [16, 32])
@pytest.mark.parametrize("name", GENERATORS)
def test_a_generators_replica_computes_what_the_official_network_does(name, size):
    make, oracle, _ = GENERATORS[name]
    net = make(latent_dim=7, width=8).build((2, size, size), streams(2)).double()
    latents = torch.randn(2, 5, 7).double()
    for r, images in enumerate(net(latents)):
        theirs = official.with_weights_of(oracle(size, 2, 7, 8).double(), net, r)
        assert_close(images, theirs(latents[r]))
        assert images.abs().max() <= 1


@pytest.mark.parametrize("size", [16, 32])
@pytest.mark.parametrize("name", CRITICS)
def test_a_critics_replica_computes_what_the_official_network_does(name, size):
    make, oracle, _ = CRITICS[name]
    net = make(width=8).build((2, size, size), streams(2)).double()
    images = torch.rand(2, 5, 2, size, size).double() * 2 - 1
    for r, values in enumerate(net(images)):
        theirs = official.with_weights_of(oracle(size, 2, 8).double(), net, r)
        assert_close(values, theirs(images[r]))


@pytest.mark.parametrize(
    ("net", "units"),
    [
        (MLPGenerator(latent_dim=100), [100, 512, 512, 512, 12_288]),  # [WGAN] MLP_G
        (MLPCritic(), [12_288, 512, 512, 512, 1]),  # [WGAN] MLP_D
        # [GP] FCGenerator: 4 hidden layers, tanh
        (
            MLPGenerator(latent_dim=128, depth=4, output="tanh", init="he"),
            [128, 512, 512, 512, 512, 12_288],
        ),
    ],
    ids=["MLP_G", "MLP_D", "FCGenerator"],
)
def test_mlps_are_the_official_ones(net, units):
    built = net.build((3, 64, 64), streams(2))
    x = torch.randn(2, 3, *((3, 64, 64) if units[-1] == 1 else (units[0],)))
    for r, y in enumerate(built(x)):
        theirs = official.with_weights_of(official.mlp(units), built, r)(x[r])
        expected = theirs.tanh() if getattr(net, "output", "") == "tanh" else theirs
        torch.testing.assert_close(y.reshape(3, -1), expected, rtol=1e-4, atol=1e-5)


def weighted_on_the_main_path(net: nn.Module) -> int:
    kinds = (SameConv, SameConvTranspose, Linear, Head)
    return sum(isinstance(m, kinds) for n, m in net.named_modules() if "shortcut" not in n)


@pytest.mark.parametrize("net", [DeepResNetGenerator(width=4), DeepResNetCritic(width=4)])
def test_the_deep_resnets_have_101_layers_at_64(net):
    assert weighted_on_the_main_path(net.build((3, 64, 64), streams())) == 101
    shallow = net.model_copy(update={"blocks": 1}).build((3, 16, 16), streams())
    assert weighted_on_the_main_path(shallow) == 3 * (2 * 1 + 2) + 2


@pytest.mark.parametrize(("kernel", "size"), [(3, 8), (5, 8), (5, 4)])
def test_a_transposed_convolution_is_the_transpose_of_a_same_convolution(kernel, size):
    stack = streams(2)
    conv = SameConv(stack, 3, 4, kernel, stride=2, bias=False).double()
    transposed = SameConvTranspose(stack, 4, 3, kernel).double()
    transposed.weight.data = conv.weight.data
    x = torch.randn(2, 6, 3, size, size).double()
    y = torch.randn(2, 6, 4, size // 2, size // 2).double()
    assert transposed(y).shape == x.shape
    torch.testing.assert_close((conv(x) * y).sum(), (x * transposed(y)).sum())


def test_initial_weights_are_uniform_with_the_official_codes_deviation_and_zero_biases():
    # tflib/ops/{conv2d,deconv2d,linear}.py: he is sqrt(4 / (fan_in + fan_out)), glorot over sqrt 2
    stack = streams(2)
    cases = [
        (SameConv(stack, 16, 32, 5, 2), (4 / (16 * 25 + 32 * 25 / 4)) ** 0.5),
        (SameConv(stack, 16, 32, 5, 2, init="dcgan"), 0.02),
        (SameConv(stack, 64, 96, 1, init="glorot"), (2 / (64 + 96)) ** 0.5),
        (SameConvTranspose(stack, 16, 32, 5), (4 / (16 * 25 / 4 + 32 * 25)) ** 0.5),
        (Linear(stack, 50, 200, 0.02), 0.02),
    ]
    for layer, deviation in cases:
        assert layer.weight.std().item() == pytest.approx(deviation, rel=0.02)
        assert layer.weight.abs().max().item() == pytest.approx(3**0.5 * deviation, rel=0.01)
        assert not layer.bias.any()


def test_gated_units_multiply_a_sigmoid_by_a_tanh_of_neighbouring_features():
    x = torch.randn(2, 5, 6, 4, 4)
    expected = torch.sigmoid(x[:, :, [0, 2, 4]]) * torch.tanh(x[:, :, [1, 3, 5]])
    torch.testing.assert_close(Gate()(x), expected)


@pytest.mark.parametrize("name", ["relu", "leaky-relu", "tanh", "gated"])
def test_a_replicas_activation_is_the_same_at_any_place_of_any_stack(name):
    # 7 * 6 * 5 elements: no multiple of a vector's length, so that tails are computed otherwise.
    x = torch.randn(5, 7, 6, 5)
    together = nonlinearity(name)(x)
    for r in range(5):
        assert torch.equal(together[r], nonlinearity(name)(x[r : r + 1])[0])
