"""What a critic says of itself: whether it looks at one sample, and what bounds its slope."""

import pytest
import torch
from torch import Tensor, nn
from toy_critics import AutoEncodingCritic

from wganbench.nets import Critic, values_of
from wganbench.nets.auto_encoder import AutoEncoderCritic
from wganbench.nets.layers.minibatch import Closeness
from wganbench.nets.mlp import MLPCritic
from wganbench.plan.keys import sections
from wganbench.training.process import prepare_torch
from wganbench.training.streams import Streams

ARCHITECTURES = sections()["critic"].plugins
SMALL = {"mlp": {"width": 8}, "ensemble-mlp": {"width": 16}}
NORMS = ({"norm": "none"}, {"norm": "batch"}, {"norm": "layer"})


def built(critic: Critic, shape: tuple[int, ...] = (1, 16, 16)) -> nn.Module:
    return critic.build(shape, Streams((0, 1), torch.device("cpu")))


def critics() -> list[Critic]:
    """Return every architecture there is, with every normalisation that it has."""
    prepare_torch("cpu")
    return [
        architecture(**SMALL.get(name, {"width": 4}), **norm)
        for name, architecture in ARCHITECTURES.items()
        for norm in (NORMS if "norm" in architecture.model_fields else ({},))
    ]


def norm_of(critic: Critic) -> str:
    return getattr(critic, "norm", "none")


every = pytest.mark.parametrize("critic", critics(), ids=lambda c: f"{c.name} {norm_of(c)}")


def values(net: nn.Module, x: Tensor) -> Tensor:
    with torch.no_grad():
        return values_of(net(x))


@every
def test_a_pointwise_critics_value_is_a_function_of_its_own_sample(critic):
    net = built(critic).double()
    x, others = torch.rand(2, 2, 6, 1, 16, 16).double()
    alone = values(net, x)
    beside = values(net, torch.cat([others, x], dim=1))[:, 6:]
    depends = (alone - beside).abs().max() / alone.std()
    assert (depends < 1e-9) == critic.is_pointwise, depends
    whole_batch = norm_of(critic) == "batch" or critic.name == "minibatch-mlp"
    assert critic.is_pointwise != whole_batch


@every
def test_no_critics_value_depends_on_the_order_of_the_batch(critic):
    net = built(critic).double()
    x, order = torch.rand(2, 6, 1, 16, 16).double(), torch.randperm(6)
    torch.testing.assert_close(values(net, x[:, order]), values(net, x)[:, order])


@every
def test_a_bound_is_given_for_plain_layers_one_after_another_and_nothing_else(critic):
    bound = critic.lipschitz_bound(built(critic))
    is_plain = critic.name in ("mlp", "ensemble-mlp") and norm_of(critic) == "none"
    assert (bound is not None) == is_plain


@pytest.mark.parametrize("activation", ["relu", "groupsort"])
def test_the_bound_holds_between_any_two_points(activation):
    critic = MLPCritic(width=8, depth=2, activation=activation)
    net = built(critic, (3,)).double()
    bound = critic.lipschitz_bound(net)
    for scale in (1e-3, 1.0, 1e3):
        x = scale * torch.randn(2, 500, 3).double()
        y = x + 1e-3 * scale * torch.randn_like(x)
        slope = (values(net, x) - values(net, y)).abs() / (x - y).norm(dim=-1)
        assert (slope.amax(1) <= bound * (1 + 1e-9)).all()


def test_the_product_of_an_auto_encoders_layers_would_bound_nothing():
    critic = AutoEncodingCritic()
    net = built(critic, (2,))
    assert critic.is_pointwise
    assert critic.lipschitz_bound(net) is None
    assert critic.measured_layers(net) == ()
    product = torch.linalg.matrix_norm(net.encode.weight, ord=2) * torch.linalg.matrix_norm(
        net.decode.weight, ord=2
    )
    x, y = 10 * torch.randn(2, 2, 200, 2)
    slope = (values(net, x) - values(net, y)).abs() / (x - y).norm(dim=-1)
    assert (slope.amax(1) > product).all()


def test_a_plain_stack_has_its_hidden_layers_measured_first_to_last():
    critic = MLPCritic(width=8, depth=3)
    net = built(critic, (2,))
    shapes = [tuple(layer.weight.shape) for layer in critic.measured_layers(net)]
    assert shapes == [(2, 2, 8), (2, 8, 8), (2, 8, 8)]


def test_an_auto_encoders_value_is_minus_the_length_of_its_error():
    net = built(AutoEncoderCritic(width=8, code_dim=2), (1, 4, 4)).double()
    x = torch.randn(2, 5, 1, 4, 4).double()
    critique = net(x)
    error = (net.decoder(critique.parts["code"]) - x.flatten(2)).square().sum(-1).sqrt()
    assert critique.parts["code"].shape == (2, 5, 2)
    torch.testing.assert_close(critique.values, -error)


def test_minibatch_discrimination_sums_closeness_over_the_others():
    """Salimans et al. 2016, section 3.2, by its formula."""
    layer = Closeness(Streams((0, 1), torch.device("cpu")), 4, 3, 2).double()
    x = torch.randn(2, 6, 4).double()
    m = layer.project(x).reshape(2, 6, 3, 2)
    found = layer(x)
    assert torch.equal(found[..., :4], x)
    for r in range(2):
        for i in range(6):
            others = torch.stack([m[r, j] for j in range(6) if j != i])
            closeness = (-(m[r, i] - others).abs().sum(-1)).exp().sum(0)
            torch.testing.assert_close(found[r, i, 4:], closeness)
