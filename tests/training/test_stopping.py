"""Early stopping: a seed stops on its own account, and its neighbours never notice."""

import pytest
import torch
from configurations import PAIR, configuration, generated
from training_cases import assert_identical

from wganbench.operations.plugin_check import ALONG, replica
from wganbench.training.process import prepare_torch
from wganbench.training.train import train

# A pair of laws one unit apart is learned at once, so that seeds stop early.
QUICK = configuration(
    "wgan-gp", PAIR, iterations=400, evaluations=40, patience=3, samples=200, n_critic=1,
    optimizer__lr=5e-3, data__mean_real=0.0, data__mean_model=1.0,
)  # fmt: skip


@pytest.fixture(autouse=True)
def _prepared() -> None:
    prepare_torch("cpu")


def test_a_seed_stops_when_its_held_out_estimate_has_not_risen_for_a_while():
    trained = train(QUICK, generated(QUICK), (0, 1, 2))
    assert all(at is not None and 40 <= at < 400 for at in trained.history.converged_at)
    for seed, stop in zip((0, 1, 2), trained.history.converged_at, strict=True):
        evaluated = [
            (r["iteration"], r["estimate_heldout"] / r["gradient_norm_max"])
            for r in trained.history.curves.rows()
            if r["seed"] == seed and r.get("estimate_heldout") is not None
        ]
        assert evaluated[-1][0] == stop
        best, since = float("-inf"), 0
        for count, (_, quotient) in enumerate(evaluated):
            if quotient > best + 0.01 * abs(best) or count == 0:
                best, since = quotient, count
            assert (count - since == 3) == (count == len(evaluated) - 1)


def test_a_seed_that_stops_early_is_the_same_alone_and_in_a_stack():
    stacked = train(QUICK, generated(QUICK), (0, 1, 2))
    assert len(set(stacked.history.converged_at)) > 1, "the seeds must stop at different times"
    for position, seed in enumerate((0, 1, 2)):
        alone = train(QUICK, generated(QUICK), (seed,))
        assert alone.history.converged_at == [stacked.history.converged_at[position]]
        count = len(alone.samples.iterations)
        cut = replica(stacked, position)
        for name in ALONG:
            cut[name] = cut[name][:count]
        assert_identical(replica(alone, 0), cut)


def test_without_patience_every_seed_uses_its_budget():
    config = configuration("wgan-gp", PAIR, iterations=20, evaluations=20, patience=0)
    trained = train(config, generated(config), (0,))
    assert trained.history.converged_at == [None]
    assert trained.iteration == 20


def test_samples_after_a_seeds_end_are_marked_invalid():
    trained = train(QUICK, generated(QUICK), (0, 1, 2))
    valid = torch.from_numpy(trained.samples.valid)
    for row, stop in zip(valid, trained.history.converged_at, strict=True):
        iterations = torch.from_numpy(trained.samples.iterations)
        assert torch.equal(row, iterations <= stop)
