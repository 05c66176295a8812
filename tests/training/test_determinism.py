"""A replica's result is the same bit for bit, whatever is stacked beside it."""

import numpy as np
import pytest
import torch
from configurations import TOY, configuration, generated
from training_cases import CASES, assert_identical, replica

from wganbench.training.process import prepare_torch
from wganbench.training.train import train


@pytest.fixture(autouse=True)
def _prepared() -> None:
    prepare_torch("cpu")


@pytest.mark.parametrize("case", CASES)
def test_a_replica_is_identical_whatever_is_stacked_beside_it(case):
    arrays = generated(CASES[case])
    alone = train(CASES[case], arrays, (7,))
    for seeds in ((7, 1), (0, 7, 3), (4, 5, 6, 7, 8)):
        stacked = train(CASES[case], arrays, seeds)
        assert_identical(replica(alone, 0), replica(stacked, seeds.index(7)))


def test_other_seeds_give_other_results():
    # The comparison above can fail: two seeds differ in every tensor but constants.
    trained = train(CASES["wgan-gp, MLPs"], generated(CASES["wgan-gp, MLPs"]), (7, 8))
    with pytest.raises(AssertionError, match="differ"):
        assert_identical(replica(trained, 0), replica(trained, 1))


def test_stacking_beside_a_diverged_replica_leaves_no_trace(monkeypatch):
    config = configuration("wgan-gp")
    arrays = generated(config)
    clean = train(config, arrays, (7,))
    poison_replica(monkeypatch, position=0)
    stacked = train(config, arrays, (1, 7))
    assert stacked.history.diverged_at[0] is not None
    assert stacked.history.diverged_at[1] is None
    assert_identical(replica(clean, 0), replica(stacked, 1))


def test_a_diverged_seed_is_recorded_with_its_iteration_and_its_rows_end_there(monkeypatch):
    config = configuration("wgan", iterations=6, evaluations=3)
    poison_replica(monkeypatch, position=0, iteration=3)
    trained = train(config, generated(config), (1, 7))
    assert trained.history.diverged_at == [3, None]
    iterations = {
        seed: [r["iteration"] for r in trained.history.curves.rows() if r["seed"] == seed]
        for seed in (1, 7)
    }
    assert iterations == {1: [1, 2], 7: [1, 2, 3, 4, 5, 6]}
    np.testing.assert_array_equal(trained.samples.iterations, [2, 4, 6])
    np.testing.assert_array_equal(trained.samples.valid, [[True, False, False], [True] * 3])


def test_a_run_whose_seeds_all_diverge_stops_and_says_so(monkeypatch):
    config = configuration("wgan", TOY, iterations=50)
    poison_replica(monkeypatch, position=0, iteration=2)
    trained = train(config, generated(config), (5,))
    assert trained.history.diverged_at == [2]
    assert trained.iteration == 2
    assert not trained.samples.valid.any()


def poison_replica(monkeypatch, position: int, iteration: int = 1) -> None:
    """Make one replica's critic parameters NaN before an iteration."""
    from wganbench.training.game import Game

    iterate, calls = Game.iterate, iter(range(1, 10_000))

    def poisoned(game):
        if next(calls) == iteration:
            for parameter in game.critic.parameters():
                parameter.data[position] = torch.nan
        return iterate(game)

    monkeypatch.setattr(Game, "iterate", poisoned)


def test_a_seed_that_turns_nan_in_its_last_step_has_diverged_and_is_never_measured(monkeypatch):
    # Losses are finite at that iteration, as they are taken before the step.
    config = configuration("wgan", iterations=4, evaluations=4)
    from wganbench.training.game import Game

    iterate, calls = Game.iterate, iter(range(1, 100))

    def poisoned(game):
        log = iterate(game)
        if next(calls) == 2:
            for parameter in game.players["generator"].net.parameters():
                parameter.data[0] = torch.nan
        return log

    monkeypatch.setattr(Game, "iterate", poisoned)
    trained = train(config, generated(config), (1, 7))
    assert trained.history.diverged_at == [2, None]
    np.testing.assert_array_equal(trained.samples.valid, [[True, False, False, False], [True] * 4])
    assert np.isfinite(trained.samples.generated[trained.samples.valid]).all()
