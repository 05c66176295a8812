"""Constraints hold what they promise."""

import pytest
import torch
from configurations import IMAGES, PAIR, configuration, generated
from torch import nn

from wganbench.nets.dcgan import DCGANCritic
from wganbench.nets.deep_resnet import DeepResNetCritic
from wganbench.nets.gp_dcgan import GPDCGANCritic
from wganbench.nets.layers.activations import GroupSort
from wganbench.nets.layers.gradients import input_gradient_norm
from wganbench.nets.layers.norm import Affine
from wganbench.nets.layers.parametrisations import iterate_spectral, weighted_layers
from wganbench.nets.mlp import MLPCritic
from wganbench.nets.resnet import ResNetCritic
from wganbench.training.game import Game
from wganbench.training.process import prepare_torch
from wganbench.training.streams import Streams


@pytest.fixture(autouse=True)
def _prepared() -> None:
    prepare_torch("cpu")


def played(constraint: str, base=PAIR, iterations: int = 5, **changes) -> Game:
    config = configuration("wgan", base, constraint__name=constraint, **changes)
    game = Game(config, generated(config), (0, 1), "cpu")
    for _ in range(iterations):
        game.iterate()
    return game


def lipschitz_bound(game: Game) -> torch.Tensor | None:
    return game.configuration.critic.lipschitz_bound(game.critic)


def singular_values(game: Game) -> list[torch.Tensor]:
    return [
        torch.linalg.svdvals(w.weight.detach().flatten(2)) for w in weighted_layers(game.critic)
    ]


@pytest.mark.parametrize("activation", ["relu", "groupsort"])
def test_orthonormal_layers_are_1_lipschitz_and_nearly_orthonormal(activation):
    game = played("orthonormal", critic__activation=activation, critic__width=32,
                  constraint__bjorck_iterations=25)  # fmt: skip
    for values in singular_values(game):
        assert values.max() <= 1 + 1e-6
        assert values.min() > 0.95
    assert (lipschitz_bound(game) <= 1 + 1e-5).all()


def test_a_groupsort_critic_keeps_its_gradients_norm():
    game = played("orthonormal", critic__activation="groupsort", constraint__bjorck_iterations=50)
    norms = input_gradient_norm(game.critic, torch.randn(2, 200, 1))
    # Square layers keep norms; the first one, from one input, does too.
    assert norms.max() <= 1 + 1e-5
    assert norms.median() > 0.8


def test_few_bjorck_iterations_are_1_lipschitz_too():
    for iterations in (1, 3):
        game = played("orthonormal", constraint__bjorck_iterations=iterations)
        assert all(values.max() <= 1 + 1e-6 for values in singular_values(game))


def test_spectral_norm_brings_the_largest_singular_value_to_one():
    game = played("spectral-norm", critic__width=32)
    iterate_spectral(game.critic, 500)
    for values in singular_values(game):
        torch.testing.assert_close(values[:, 0], torch.ones(2), rtol=1e-3, atol=0)


@pytest.mark.parametrize("critic", ["dcgan", "gp-dcgan"])
def test_spectral_norm_reaches_convolutions_by_their_flattened_kernels(critic):
    game = played("spectral-norm", IMAGES, 2, critic__name=critic, critic__norm="none")
    assert len(list(weighted_layers(game.critic))) == 3
    iterate_spectral(game.critic, 500)
    for values in singular_values(game):
        torch.testing.assert_close(values[:, 0], torch.ones(2), rtol=1e-3, atol=0)


def test_weight_norm_fixes_the_length_of_every_units_weights():
    game = played("weight-norm", constraint__length=0.7)
    for layer in weighted_layers(game.critic):
        inputs = 1 if layer.unit_axis == 2 else 2
        lengths = layer.weight.norm(dim=inputs)
        torch.testing.assert_close(lengths, torch.full_like(lengths, 0.7), rtol=1e-4, atol=0)


def test_weight_decay_is_the_sum_of_squares():
    game = played("weight-decay", iterations=0, constraint__decay=0.5)
    x = torch.randn(2, 3, 1)
    penalty = game.configuration.constraint.penalty(game.critic, x, x, game.task.streams)
    for replica in range(2):
        squares = sum((p[replica] ** 2).sum() for p in game.critic.parameters())
        torch.testing.assert_close(penalty[replica], 0.5 * squares)


@pytest.mark.parametrize("points", ["interpolates", "data", "generated"])
def test_penalties_look_where_they_are_told(points):
    # A critic with slope 3 on the data's side and 0.5 on the generated side of the origin.
    game = played("gradient-penalty", iterations=0, constraint__points=points,
                  constraint__penalty_weight=1.0)  # fmt: skip

    def critic(x):
        return torch.where(x < 0, 3 * x, 0.5 * x).sum(-1)

    real, fake = -1 - torch.rand(2, 500, 1), 1 + torch.rand(2, 500, 1)
    constraint = game.configuration.constraint
    penalty = constraint.penalty(critic, real, fake, game.task.streams)
    expected = {"data": 4.0, "generated": 0.25}.get(points)
    if expected is None:
        assert ((penalty > 1) & (penalty < 3.5)).all()  # interpolates see both sides
    else:
        torch.testing.assert_close(penalty, torch.full((2,), expected))


def test_the_norm_over_channels_holds_every_pixels_gradient_and_not_the_samples():
    # f(x) = <w, x> has gradient w everywhere.
    w = torch.randn(2, 1, 3, 4, 4)
    game = played("gradient-penalty", iterations=0, constraint__penalty_weight=1.0)
    x = torch.randn(2, 6, 3, 4, 4)
    for over, norms in (
        ("sample", w.flatten(2).norm(dim=2)),
        ("channels", w.norm(dim=2).flatten(1)),
    ):
        constraint = game.configuration.constraint.model_copy(update={"norm_over": over})
        penalty = constraint.penalty(lambda x: (w * x).flatten(2).sum(-1), x, x, game.task.streams)
        torch.testing.assert_close(penalty, ((norms - 1) ** 2).mean(-1))


CRITICS = [
    MLPCritic(width=16), MLPCritic(width=16, norm="layer"),
    DCGANCritic(width=4, norm="none", init="default"), DCGANCritic(width=4, norm="layer"),
    GPDCGANCritic(width=4, norm="none", init="he"), GPDCGANCritic(width=4, norm="layer"),
    GPDCGANCritic(width=4, norm="layer", nonlinearity="tanh"),
    GPDCGANCritic(width=4, norm="layer", nonlinearity="gated", init="he"),
    GPDCGANCritic(width=4, norm="none", nonlinearity="gated", init="he"),
    ResNetCritic(width=4, norm="layer"), ResNetCritic(width=4, norm="none"),
    DeepResNetCritic(width=4, blocks=1, norm="layer"), DeepResNetCritic(width=4, norm="none"),
]  # fmt: skip


def smoothed(net: nn.Module) -> nn.Module:
    """Replace activations with kinks, where a penalty jumps, so that differences are slopes."""
    for module in list(net.modules()):
        for name, child in module.named_children():
            if isinstance(child, nn.ReLU | nn.LeakyReLU):
                setattr(module, name, nn.SiLU())
    return net


@pytest.mark.parametrize(
    "net", CRITICS, ids=[f"{c.name} {c.norm} {i}" for i, c in enumerate(CRITICS)]
)
def test_the_penaltys_gradient_is_its_slope_in_every_critic_without_batch_norm(net):
    streams = Streams((0, 1), torch.device("cpu"))
    critic = smoothed(net.build((1, 16, 16), streams)).double()
    points = torch.rand(2, 4, 1, 16, 16).double() * 2 - 1

    def penalty(*, differentiable: bool = False) -> torch.Tensor:
        norm = input_gradient_norm(critic, points, create_graph=differentiable)
        return ((norm - 1) ** 2).sum()

    parameters = list(critic.parameters())
    gradients = torch.autograd.grad(
        penalty(differentiable=True), parameters, allow_unused=True, materialize_grads=True
    )
    directions = [torch.randn_like(p) for p in parameters]
    slope = sum((g * d).sum() for g, d in zip(gradients, directions, strict=True))
    h, values = 1e-6, []
    for sign in (1, -2):
        for parameter, direction in zip(parameters, directions, strict=True):
            parameter.data.add_(direction, alpha=sign * h)
        values.append(penalty())
    expected = (values[0] - values[1]) / (2 * h)
    assert expected.abs() > 1e-6
    torch.testing.assert_close(slope, expected, rtol=1e-4, atol=1e-8)


def test_the_one_sided_penalty_spares_flat_critics():
    constraint = configuration("wgan", PAIR, constraint__name="one-sided-penalty").constraint
    norms = torch.tensor([[0.0, 0.5, 1.0, 2.0, 4.0]])
    torch.testing.assert_close(constraint.cost(norms), torch.tensor([[0.0, 0, 0, 1, 9]]))


def test_clipping_before_the_step_leaves_the_last_step_outside_the_box():
    after, before = (
        played("clip", iterations=3, constraint__clip_value=0.01, constraint__order=order)
        for order in ("after", "before")
    )
    largest = [max(p.abs().max().item() for p in g.critic.parameters()) for g in (after, before)]
    assert largest[0] == pytest.approx(0.01)
    # By one step, which RMSProp makes at most lr / sqrt(1 - alpha) = 10 lr long.
    assert 0.01 < largest[1] <= 0.01 + 10 * 1e-3


def test_clipping_spares_norm_parameters_when_told():
    game = played("clip", iterations=2, critic__norm="batch", constraint__norm_parameters=False)
    norms = [p for m in game.critic.modules() if isinstance(m, Affine) for p in m.parameters()]
    assert max(p.abs().max().item() for p in norms) > 0.9
    others = [w.weight for w in weighted_layers(game.critic)]
    assert max(w.abs().max().item() for w in others) == pytest.approx(0.01)


def test_the_lipschitz_bound_bounds_every_difference_quotient():
    game = played("none", iterations=3)
    x, y = torch.randn(2, 2, 300, 1)
    with torch.no_grad():
        quotient = (game.critic(x) - game.critic(y)).abs() / (x - y).abs().squeeze(-1)
    assert (quotient.amax(1) <= lipschitz_bound(game) * (1 + 1e-5)).all()


def test_the_lipschitz_bound_is_unknown_with_normalisation_and_for_convolutions():
    for game in (
        played("none", iterations=0, critic__norm="layer"),
        played("none", IMAGES, 0, critic__norm="none"),
    ):
        assert lipschitz_bound(game) is None


def test_groupsort_permutes_each_pair():
    x = torch.tensor([[3.0, 1.0, -2.0, 5.0]])
    assert GroupSort()(x).tolist() == [[3.0, 5.0, 1.0, -2.0]]
    x = torch.randn(100, 16)
    jacobian_rows = torch.autograd.functional.jacobian(GroupSort(), x[0])
    torch.testing.assert_close(jacobian_rows @ jacobian_rows.T, torch.eye(16))


def test_weights_at_the_ends_are_those_at_them_and_not_beyond_biases_apart():
    game = played("clip", iterations=0, constraint__clip_value=0.01, critic__norm="layer")
    for parameter in game.critic.parameters():
        parameter.data.fill_(0.01)  # biases, scales and shifts too, which do not count
    weights = [layer.weight.data for layer in weighted_layers(game.critic)]
    for weight in weights:
        weight.zero_()
    weights[1][0].view(-1)[:6] = torch.tensor([0.01, -0.01, 0.009991, 0.009, 0.02, -5.0])
    weights[0][1].fill_(-0.01)
    found = game.configuration.constraint.measured(game.critic)
    total = sum(weight[0].numel() for weight in weights)
    expected = torch.tensor([3, weights[0][1].numel()]) / total
    assert torch.equal(found["weights_at_ends"], expected)


@pytest.mark.parametrize("constraint", ["none", "gradient-penalty", "weight-decay"])
def test_what_is_not_clipped_has_no_ends(constraint):
    config = configuration("wgan", PAIR, constraint__name=constraint)
    game = Game(config, generated(config), (0, 1), "cpu")
    assert config.constraint.measured(game.critic) == {}


def test_convolution_critics_are_parametrised_layer_by_layer():
    game = played("spectral-norm", IMAGES, 0, critic__norm="none")
    assert all(nn.utils.parametrize.is_parametrized(w) for w in weighted_layers(game.critic))
