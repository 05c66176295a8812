"""Losses of two samples: known answers, other libraries' values, gradients."""

from itertools import product

import numpy as np
import pytest
import torch
from scipy.stats import binom, energy_distance

from wganbench.losses.exact_ot import ExactOT
from wganbench.losses.kernels import MMD, Energy
from wganbench.losses.sinkhorn import Sinkhorn, entropic
from wganbench.transport.exact import exact_w1

LOSSES = [ExactOT(), Sinkhorn(), Energy(), MMD(), Energy(estimator="biased"), MMD(widths=(0.7,))]
everyone = pytest.mark.parametrize("loss", LOSSES, ids=repr)


def samples(*shape: int, seed: int = 0, shift: float = 0.0) -> torch.Tensor:
    return torch.from_numpy(np.random.default_rng(seed).normal(shift, size=shape)).float()


def test_exact_transport_costs_what_pots_network_simplex_finds():
    x, y = samples(3, 60, 2), samples(3, 60, 2, seed=1, shift=0.5)
    wanted = [exact_w1(a, b) for a, b in zip(x.numpy(), y.numpy(), strict=True)]
    assert ExactOT().between(x, y).tolist() == pytest.approx(wanted, rel=1e-5)


def test_sinkhorn_without_entropy_is_exact_transport():
    x, y = samples(2, 40, 2), samples(2, 40, 2, seed=1, shift=1.0)
    exact = ExactOT().between(x, y)
    errors = [
        float((Sinkhorn(epsilon=e, rounds=2000).between(x, y) / exact - 1).abs().max())
        for e in (1.0, 0.1, 0.01)
    ]
    assert errors == sorted(errors, reverse=True)
    assert errors[-1] < 0.01


def test_sinkhorn_with_much_entropy_is_half_the_energy_distance():
    x, y = samples(2, 40, 2), samples(2, 40, 2, seed=1, shift=1.0)
    wanted = Energy(estimator="biased").between(x, y) / 2
    found = Sinkhorn(epsilon=1e4).between(x, y)
    torch.testing.assert_close(found, wanted, rtol=1e-3, atol=0)


def test_the_entropic_cost_and_its_gradient_are_pots():
    import ot

    x, y = samples(1, 30, 2).requires_grad_(), samples(1, 30, 2, seed=1, shift=1.0)
    costs = torch.cdist(x, y).double()
    weights = np.full(30, 1 / 30)
    plan = ot.bregman.sinkhorn_log(weights, weights, costs[0].detach().numpy(), 0.3, stopThr=1e-12)
    value = entropic(costs, 0.3, 500)
    kl = float((plan * np.log(plan * 900)).sum())
    assert value.item() == pytest.approx(
        (plan * costs[0].detach().numpy()).sum() + 0.3 * kl, rel=1e-6
    )
    (gradient,) = torch.autograd.grad(value, costs)
    np.testing.assert_allclose(gradient[0].numpy(), plan, atol=1e-8)


def test_the_energy_distance_in_one_dimension_is_scipys_squared():
    x, y = samples(1, 50, 1), samples(1, 70, 1, seed=1, shift=0.7)
    found = Energy(estimator="biased").between(x, y).item()
    assert found == pytest.approx(energy_distance(x.flatten(), y.flatten()) ** 2, rel=1e-4)


@pytest.mark.parametrize("loss", [ExactOT(), Sinkhorn(), MMD(estimator="biased"),
                                  Energy(estimator="biased")], ids=repr)  # fmt: skip
def test_equal_samples_in_another_order_are_at_distance_zero(loss):
    x = samples(2, 32, 2)
    assert loss.between(x, x.flip(1)).abs().max() < 1e-5


def test_the_mmd_of_two_points_is_by_hand():
    """2 (k(0) - k(1)), twice for two kernels."""
    x, y = torch.zeros(1, 1, 1), torch.ones(1, 1, 1)
    loss = MMD(widths=(0.5, 2.0), estimator="biased")
    assert loss.between(x, y).item() == pytest.approx(4 - 2 * np.exp(-2) - 2 * np.exp(-1 / 8))


@everyone
def test_the_gradient_is_that_of_finite_differences(loss):
    """In float32: central differences, far above rounding."""
    x, y = samples(1, 12, 2).requires_grad_(), samples(1, 12, 2, seed=1, shift=0.3)
    if isinstance(loss, Sinkhorn):
        loss = Sinkhorn(rounds=1000)  # the envelope theorem is about the optimum
    (gradient,) = torch.autograd.grad(loss.between(x, y).sum(), x)
    direction = samples(1, 12, 2, seed=2)
    step = 1e-3
    ahead, behind = (loss.between(x.detach() + s * step * direction, y).item() for s in (1, -1))
    assert (ahead - behind) / (2 * step) == pytest.approx(
        (gradient * direction).sum().item(), abs=2e-3
    )


@everyone
def test_the_gradient_of_coinciding_points_is_finite(loss):
    x = torch.zeros(1, 4, 2, requires_grad=True)
    (gradient,) = torch.autograd.grad(loss.between(x, torch.zeros(1, 4, 2)).sum(), x)
    assert torch.isfinite(gradient).all()


@everyone
def test_a_replica_that_diverged_leaves_the_others_alone(loss):
    x, y = samples(2, 16, 2), samples(2, 16, 2, seed=1)
    alone = loss.between(x[1:], y[1:])
    x[0, 3] = torch.nan
    found = loss.between(x, y)
    assert not torch.isfinite(found[0])
    assert torch.equal(found[1:], alone)


def mean_loss(loss, theta: float, n: int, target: float = 0.8) -> float:
    """Return the exact mean of a loss between n draws of Bernoulli(theta) and n of the target."""
    counts = range(n + 1)
    total = 0.0
    for a, b in product(counts, counts):
        x, y = ((torch.arange(n) < k).float().view(1, n, 1) for k in (a, b))
        weight = binom.pmf(a, n, theta) * binom.pmf(b, n, target)
        total += weight * loss.between(x, y).item()
    return total


@pytest.mark.parametrize("n", [2, 5])
def test_on_minibatches_transport_is_least_at_another_law_and_energy_is_not(n):
    """Bellemare et al. 2017, theorem 1: a Bernoulli law, all minibatches enumerated."""
    grid = np.linspace(0, 1, 21)
    transport, energy = (
        grid[np.argmin([mean_loss(loss, theta, n) for theta in grid])]
        for loss in (ExactOT(), Energy())
    )
    assert energy == pytest.approx(0.8)
    assert transport > 0.85


def test_the_unbiased_energy_distance_is_that_of_the_laws_on_average():
    """2 (theta - target)^2 for two Bernoulli laws."""
    assert mean_loss(Energy(), 0.3, 4) == pytest.approx(2 * 0.5**2)
    assert mean_loss(Energy(estimator="biased"), 0.3, 4) > 0.6
