"""Penalties at coupled points, in a box and near the data look where they say."""

import itertools
from functools import partial

import pytest
import torch
from configurations import PAIR, configuration

from wganbench.constraints.placed_penalty import PlacedPenalty
from wganbench.training.process import prepare_torch
from wganbench.training.streams import Streams

KINDS = ("coupled-penalty", "uniform-penalty", "near-data-penalty")


@pytest.fixture(autouse=True)
def _prepared() -> None:
    prepare_torch("cpu")


def penalty(name: str, **settings: object) -> PlacedPenalty:
    changes = {f"constraint__{key}": value for key, value in settings.items()}
    return configuration("wgan-gp", PAIR, constraint__name=name, **changes).constraint


def streams(*seeds: int) -> Streams:
    return Streams(seeds, torch.device("cpu"))


def samples(replicas: int, *shape: int) -> tuple[torch.Tensor, torch.Tensor]:
    drawn = torch.randn(2, replicas, *shape, generator=torch.Generator().manual_seed(5))
    return drawn[0], 2 * drawn[1] + 1


def test_coupled_points_lie_between_the_pairs_of_the_cheapest_assignment():
    real, fake = samples(1, 5, 3)
    points = penalty("coupled-penalty").place(real, fake, streams(0))[0]
    cheapest = min(
        itertools.permutations(range(5)),
        key=lambda p: (real[0] - fake[0, list(p)]).norm(dim=1).sum(),
    )  # of all 120
    share = streams(0).uniform("penalty", 5)[0, :, None]
    expected = share * real[0] + (1 - share) * fake[0, list(cheapest)]
    torch.testing.assert_close(points, expected)
    assert list(cheapest) != list(range(5))  # and not between independent ones


def test_coupled_images_are_coupled_whole():
    real, fake = samples(1, 6, 1, 4, 4)
    constraint = penalty("coupled-penalty")
    points = constraint.place(real, fake, streams(0))
    flat = constraint.place(real.flatten(2), fake.flatten(2), streams(0))
    torch.testing.assert_close(points.flatten(2), flat)


def test_uniform_points_fill_the_box_about_both_samples():
    real, fake = torch.zeros(2, 4000, 2), torch.zeros(2, 4000, 2)
    real[:, 0] = torch.tensor([-1.0, 5.0])
    fake[:, 0] = torch.tensor([3.0, -2.0])
    points = penalty("uniform-penalty").place(real, fake, streams(0, 1))
    low, high = torch.tensor([-1.0, -2.0]), torch.tensor([3.0, 5.0])
    assert ((points >= low) & (points <= high)).all()
    unit = (points - low) / (high - low)
    torch.testing.assert_close(unit.mean(1), torch.full((2, 2), 0.5), atol=0.02, rtol=0)
    torch.testing.assert_close(unit.var(1), torch.full((2, 2), 1 / 12), atol=0.01, rtol=0)


def test_noise_about_the_data_is_a_share_of_their_spread_whatever_is_generated():
    real = 3 * torch.randn(2, 4000, 2) + 7
    constraint = penalty("near-data-penalty", noise=0.25)
    points = constraint.place(real, torch.full_like(real, torch.nan), streams(0, 1))
    noise = points - real
    torch.testing.assert_close(noise.std((1, 2)), 0.25 * real.std((1, 2)), atol=0, rtol=0.05)
    torch.testing.assert_close(noise.mean((1, 2)), torch.zeros(2), atol=0.05, rtol=0)


@pytest.mark.parametrize("name", KINDS)
def test_what_a_norm_costs_by_sides(name):
    real, fake = samples(2, 8, 2)

    def critic(x: torch.Tensor, slope: float) -> torch.Tensor:
        return slope * x[..., 0]

    for sides, costs in (("two", {0.5: 0.25, 3.0: 4.0}), ("one", {0.5: 0.0, 3.0: 4.0})):
        constraint = penalty(name, sides=sides, penalty_weight=2.0)
        for slope, cost in costs.items():
            found = constraint.penalty(partial(critic, slope=slope), real, fake, streams(0, 1))
            torch.testing.assert_close(found, torch.full((2,), 2 * cost))


@pytest.mark.parametrize("name", KINDS)
def test_a_replicas_points_are_its_own_to_the_bit(name):
    real, fake = samples(3, 64, 2)
    constraint = penalty(name)
    stacked = constraint.place(real, fake, streams(3, 4, 5))
    for k, seed in enumerate((3, 4, 5)):
        alone = constraint.place(real[k : k + 1], fake[k : k + 1], streams(seed))
        assert torch.equal(stacked[k], alone[0])
