"""Several critics as one: the mean of their values, and of their bounds."""

import pytest
import torch

from wganbench.nets.ensemble_mlp import EnsembleMLPCritic
from wganbench.nets.mlp import MLPCritic
from wganbench.training.streams import Streams

SEEDS = (0, 1)


def streams() -> Streams:
    return Streams(SEEDS, torch.device("cpu"))


def test_its_value_is_the_mean_of_its_members_values():
    drawn = streams()
    alone = [MLPCritic(width=width, depth=2).build((2,), drawn) for width in (32, 8, 2)]
    together = EnsembleMLPCritic(width=32, depth=2).build((2,), streams())
    samples = torch.randn(len(SEEDS), 11, 2)
    expected = sum(critic(samples) for critic in alone) / 3
    torch.testing.assert_close(together(samples), expected)


def test_its_bound_holds_along_random_lines():
    critic = EnsembleMLPCritic(width=16, depth=2)
    net = critic.build((2,), streams())
    bound = critic.lipschitz_bound(net)
    first, second = torch.randn(2, len(SEEDS), 1000, 2)
    slopes = (net(first) - net(second)).abs() / (first - second).norm(dim=-1)
    assert (slopes.max(-1).values <= bound).all()
    assert (slopes.max(-1).values > 0.05 * bound).all()


@pytest.mark.parametrize(("width", "members", "narrower"), [(64, 3, 5), (8, 3, 4)])
def test_widths_that_are_no_whole_numbers_are_refused(width, members, narrower):
    with pytest.raises(ValueError, match="multiple of"):
        EnsembleMLPCritic(width=width, members=members, narrower=narrower)
