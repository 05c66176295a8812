"""A critic that learns for a while and is then frozen, while its generator trains on."""

from itertools import pairwise

import pytest
import torch
from configurations import configuration, generated

from wganbench.training.loop import Training

LEARNING, ITERATIONS = 3, 7
FROZEN = configuration(
    "wgan-gp", algorithm="frozen-critic", critic_iterations=LEARNING, iterations=ITERATIONS
)


def weights(training: Training, player: str) -> torch.Tensor:
    net = training.game.players[player].net
    return torch.cat([p.detach().flatten() for p in net.parameters()]).clone()


def along(training: Training, player: str) -> list[torch.Tensor]:
    """Return a player's weights before the first and after every iteration."""
    found = [weights(training, player)]
    for _ in range(ITERATIONS):
        training.game.iterate()
        found.append(weights(training, player))
    return found


@pytest.fixture
def training() -> Training:
    return Training(FROZEN, generated(FROZEN), (0, 1), "cpu")


def test_the_critic_moves_while_it_learns_and_never_again(training):
    moved = [not torch.equal(*two) for two in pairwise(along(training, "critic"))]
    assert moved == [True] * LEARNING + [False] * (ITERATIONS - LEARNING)


def test_the_generator_moves_to_the_end(training):
    assert all(not torch.equal(*two) for two in pairwise(along(training, "generator")))


def test_until_the_critic_is_frozen_it_trains_as_if_it_were_not():
    usual = configuration("wgan-gp", iterations=ITERATIONS)
    both = [Training(c, generated(c), (0, 1), "cpu") for c in (FROZEN, usual)]
    for _ in range(LEARNING):
        first, second = (training.game.iterate() for training in both)
        assert first.keys() == second.keys()
        assert all(torch.equal(first[name], second[name]) for name in first)


def test_a_frozen_critic_is_logged_as_one_that_learns_but_for_the_penalty(training):
    logs = [training.game.iterate() for _ in range(ITERATIONS)]
    assert len({frozenset(log) for log in logs}) == 1
    assert all(log[name].isfinite().all() for log in logs for name in log)
    assert (logs[LEARNING]["penalty"] == 0).all()
    assert (logs[LEARNING]["critic_objective"] == logs[LEARNING]["estimate"]).all()


@pytest.mark.parametrize(
    ("learning", "steps"), [(0, 7), (LEARNING, LEARNING * 6 + 4), (ITERATIONS, 42), (100, 42)]
)
def test_its_steps_are_counted_as_they_are_taken(learning, steps):
    config = configuration(
        "wgan-gp", algorithm="frozen-critic", critic_iterations=learning, iterations=ITERATIONS
    )
    training = Training(config, generated(config), (0,), "cpu")
    for _ in range(ITERATIONS):
        training.game.iterate()
    taken = sum(player.steps for player in training.game.players.values())
    assert taken == steps
    assert config.algorithm.steps_per_iteration(ITERATIONS) == pytest.approx(steps / ITERATIONS)
