"""A generator that sees its critic's next steps: what its gradient is, and what it leaves alone."""

from typing import Any

import pytest
import torch
from configurations import RING, configuration, generated

from wganbench.data.ring import Ring
from wganbench.errors import UserError
from wganbench.optimizers import OptimizerState
from wganbench.optimizers.sgd import SGD
from wganbench.plan.resolve import resolve
from wganbench.plan.settings import layer
from wganbench.training.game import Game
from wganbench.training.process import prepare_torch

WAYS = {
    "gradient steps": {"unrolled_lr": 0.5, "unrolled_update": "sgd"},
    "the optimiser's own": {"unrolled_update": "own", "critic_optimizer__lr": 0.05},
}


@pytest.fixture(autouse=True)
def _prepared() -> None:
    prepare_torch("cpu")


def game(**changes: Any) -> Game:
    """Return a game of smooth nets, a few iterations on."""
    config = configuration("unrolled-demo", RING, **changes)
    one = Game(config, generated(config), (0, 1), "cpu")
    for _ in range(3):
        one.iterate()
    return one


def in_double(one: Game) -> Game:
    for player in one.players.values():
        player.net.double()
        player.state.slots = {name: slot.double() for name, slot in player.state.slots.items()}
        player.state._gaps = [gap.double() for gap in player.state._gaps]
        player.state._memory = None  # they lie elsewhere now
    return one


def batches(one: Game) -> tuple[torch.Tensor, torch.Tensor]:
    """Return real samples and latents."""
    latents = one.task.streams.normal("latent", 32, one.algorithm.generator.latent_dim)
    return one.task.sampler.real().double(), latents.double()


def value(one: Game, real: torch.Tensor, latents: torch.Tensor) -> torch.Tensor:
    """Return what the generator descends on, of all replicas."""
    fake = one.algorithm.generate(one, latents)
    seen = fake if one.algorithm.second_term else fake.detach()
    ahead = one.algorithm.critic_ahead(one, real, seen)
    return -one.algorithm.critic_loss(one, ahead, real, fake).sum()


def slope(one: Game, real: torch.Tensor, latents: torch.Tensor, by: list[torch.Tensor]) -> float:
    """Return the value's slope as the generator's parameters move along `by`: numerically."""
    parameters, size = one.players["generator"].state.parameters, 1e-5
    ends = []
    for sign in (1, -1):
        for parameter, step in zip(parameters, by, strict=True):
            parameter.data += sign * size * step
        ends.append(value(one, real, latents).item())
        for parameter, step in zip(parameters, by, strict=True):
            parameter.data -= sign * size * step
    return (ends[0] - ends[1]) / (2 * size)


def slopes(one: Game) -> tuple[float, float]:
    """Return the slope along a direction by the generator's gradient, and numerically."""
    real, latents = batches(one)
    parameters = one.players["generator"].state.parameters
    generator = torch.Generator().manual_seed(0)
    by = [torch.randn(p.shape, generator=generator, dtype=torch.float64) for p in parameters]
    gradient = torch.autograd.grad(value(one, real, latents), parameters)
    ours = sum((g * step).sum() for g, step in zip(gradient, by, strict=True))
    return float(ours), slope(one, real, latents, by)


@pytest.mark.parametrize("way", WAYS)
def test_the_gradient_goes_through_the_critics_steps(way):
    ours, numerically = slopes(in_double(game(unrolled_steps=4, **WAYS[way])))
    assert ours == pytest.approx(numerically, rel=1e-4)


@pytest.mark.parametrize("way", WAYS)
def test_without_the_second_term_it_does_not(way):
    ours, numerically = slopes(in_double(game(unrolled_steps=4, second_term=False, **WAYS[way])))
    assert abs(ours - numerically) > 0.05 * abs(numerically)


@pytest.mark.parametrize("second_term", [True, False])
@pytest.mark.parametrize("way", WAYS)
def test_the_critic_ahead_is_where_so_many_real_steps_lead(way, second_term):
    one = in_double(game(unrolled_steps=4, second_term=second_term, **WAYS[way]))
    real, latents = batches(one)
    fake = one.algorithm.generate(one, latents).detach()
    critic, own = one.players["critic"], one.algorithm.unrolled_update == "own"
    ahead = critic.state.parts(one.algorithm.critic_ahead(one, real, fake))
    state = critic.state if own else OptimizerState(SGD(lr=0.5), critic.net.parameters())
    if not own:
        state._gaps = critic.state._gaps
    for _ in range(4):
        loss = one.algorithm.objective.critic_loss(critic.net(real), critic.net(fake))
        state.step(torch.autograd.grad(loss.sum(), state.parameters))
    for parameter, expected in zip(ahead, critic.net.parameters(), strict=True):
        torch.testing.assert_close(parameter.detach(), expected.detach())


@pytest.mark.parametrize("way", WAYS)
def test_the_steps_ahead_are_taken_back(way):
    one = game(unrolled_steps=4, **WAYS[way])
    critic = one.players["critic"]

    def state() -> list[torch.Tensor]:
        return [
            p.detach().clone() for p in (*critic.net.parameters(), *critic.state.slots.values())
        ]

    before, steps, generator = state(), critic.steps, one.players["generator"].steps
    one.algorithm.generator_step(one)
    assert all(torch.equal(a, b) for a, b in zip(before, state(), strict=True))
    assert (critic.steps, one.players["generator"].steps) == (steps, generator + 1)


def test_with_no_step_ahead_it_is_a_gan_with_the_minimax_loss():
    """Up to its batches: it draws real samples for the generator's step too."""
    configs = [
        configuration("unrolled-demo", RING, **changes)
        for changes in ({"unrolled_steps": 0}, {"algorithm": "adversarial"})
    ]
    ours, theirs = (Game(config, generated(config), (0, 1), "cpu") for config in configs)
    ours.iterate()
    theirs.iterate()
    for name, player in ours.players.items():
        same = theirs.players[name].net.parameters()
        for parameter, other in zip(player.net.parameters(), same, strict=True):
            torch.testing.assert_close(parameter, other, rtol=1e-3, atol=1e-5)


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({"objective.name": "non-saturating"}, "objective.name"),
        ({"objective.name": "wasserstein", "constraint.name": "gradient-penalty"}, "constraint"),
    ],
)
def test_what_cannot_be_unrolled_is_refused_in_one_line(changes, key):
    from wganbench.plan.presets import PRESETS

    settings = layer(PRESETS["unrolled"] | RING | changes | {"method": "unrolled"}, "")
    with pytest.raises(UserError) as error:
        resolve(settings, "file.yaml")
    assert key in str(error.value)
    assert "\n" not in str(error.value)
    assert "write" in str(error.value)


def test_weights_are_orthogonal_at_first_and_replicas_differ():
    config = configuration("unrolled", RING, generator__width=16, generator__gain=0.8)
    one = Game(config, generated(config), (0, 1), "cpu")
    for net in one.nets().values():
        for name, weight in net.named_parameters():
            if name.endswith("bias"):
                assert not weight.any()
                continue
            rows, columns = weight.shape[1:]
            wide = weight if rows <= columns else weight.transpose(1, 2)
            product = wide @ wide.transpose(1, 2)
            expected = 0.64 * torch.eye(min(rows, columns)).expand_as(product)
            torch.testing.assert_close(product, expected, rtol=1e-4, atol=1e-5)
            assert not torch.equal(weight[0], weight[1])


def test_on_a_closed_ring_one_mode_has_twice_the_others_weight():
    data = Ring(spacing="closed")
    held = torch.from_numpy(
        generated(configuration("unrolled", RING, data__spacing="closed")).heldout
    )
    nearest = torch.cdist(held, torch.from_numpy(data.modes()).float()).argmin(1)
    assert torch.bincount(nearest).tolist() == [5000] + [2500] * 6
    assert len(Ring().modes()) == 8
