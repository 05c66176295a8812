"""Training works on whatever players and critic there are."""

import numpy as np
import pytest
import torch
from configurations import IMAGES, configuration, generated
from toy_critics import AutoEncodingCritic
from training_cases import ALL, CASES, with_parts, without_critic

from wganbench.nets.layers.gradients import input_gradient_norm
from wganbench.plan.configuration import Configuration
from wganbench.plan.keys import algorithms, sections
from wganbench.training.game import Game
from wganbench.training.loop import Training
from wganbench.training.process import prepare_torch
from wganbench.training.train import train

NO_CRITIC = without_critic(
    configuration("wgan", optimizer__lr=1e-2, iterations=100, evaluations=4, samples=300)
)
OF_CRITIC = ("critic_real", "critic_generated", "gradient_norms", "layer_gradient_norm")
OF_GRID = ("grid_points", "grid_values", "grid_gradient_norm")


@pytest.fixture(autouse=True)
def _prepared() -> None:
    prepare_torch("cpu")


def trained(config: Configuration, seeds: tuple[int, ...] = (0, 1)) -> Training:
    return train(config, generated(config), seeds)


def test_every_algorithm_is_among_the_cases_of_resume_and_bit_identity():
    assert algorithms().keys() <= {config.algorithm.name for config in ALL.values()}


@pytest.mark.parametrize("section", [s for s in sections() if s != "data"])
def test_every_plug_in_of_training_is_among_them(section):
    used = {part.name for config in ALL.values() if (part := config.get(section)) is not None}
    both = {part.name for c in ALL.values() for s in sections() if (part := c.get(s)) is not None}
    assert sections()[section].plugins.keys() <= (both if "optimizer" in section else used)


def test_an_algorithm_without_a_critic_trains():
    config = without_critic(
        configuration("gan", IMAGES, generator__name="mlp", optimizer__lr=1e-2, iterations=60)
    )
    for seed in (0, 1):
        rows = [r for r in trained(config).history.curves.rows() if r["seed"] == seed]
        assert len(rows) == config.iterations
        # What is left are the batches' own means, which spread about the data's.
        assert rows[-1]["distance"] < rows[0]["distance"] / 5


def test_without_a_critic_nothing_of_one_is_recorded_and_evaluations_are():
    result = trained(NO_CRITIC)
    assert all(getattr(result.samples, name) is None for name in (*OF_CRITIC, *OF_GRID))
    assert {key for row in result.history.curves.rows() for key in row} == {
        "seed", "iteration", "is_evaluation", "distance",
    }  # fmt: skip
    evaluated = [row["iteration"] for row in result.history.curves.rows() if row["is_evaluation"]]
    assert evaluated == [25, 25, 50, 50, 75, 75, 100, 100]
    assert result.samples.generated.shape == (2, 4, 300, 2)
    assert result.samples.valid.all()
    assert result.game.nets().keys() == {"generator"}
    assert NO_CRITIC.critic is NO_CRITIC.objective is NO_CRITIC.constraint is None
    assert NO_CRITIC.get("critic.width") is None
    assert NO_CRITIC.get("generator.width") == 16


def test_without_a_critic_a_replica_diverges_by_its_own_loss(monkeypatch):
    iterate, count = Game.iterate, iter(range(1, 1000))

    def poisoned(game: Game) -> dict[str, torch.Tensor]:
        if next(count) == 3:
            for parameter in game.players["generator"].net.parameters():
                parameter.data[1] = torch.nan
        return iterate(game)

    monkeypatch.setattr(Game, "iterate", poisoned)
    result = trained(NO_CRITIC)
    assert result.history.diverged_at == [None, 3]
    np.testing.assert_array_equal(result.samples.valid, [[True] * 4, [False] * 4])


def test_a_critic_that_returns_more_is_recorded_by_its_values():
    config = CASES["a critic with more than values"]
    result = trained(config)
    critic, samples = result.game.critic, result.samples
    points = torch.from_numpy(samples.generated[:, -1])
    output = critic(points)
    error = ((output.parts["reconstruction"] - points) ** 2).sum(-1)
    torch.testing.assert_close(output.values, -error)
    recorded = torch.from_numpy(samples.critic_generated[:, -1])
    torch.testing.assert_close(recorded, output.values.detach(), rtol=1e-5, atol=1e-6)
    norms = torch.from_numpy(samples.gradient_norms[:, -1, 1])
    torch.testing.assert_close(norms, input_gradient_norm(critic, points), rtol=1e-4, atol=1e-5)
    last = result.history.curves.rows()[-1]
    assert last["gradient_norm_max"] >= norms[1].max().item()
    assert last["penalty"] > 0
    on_real, on_generated = samples.critic_real[1, -1], samples.critic_generated[1, -1]
    estimate = on_real.mean() - on_generated.mean()
    assert last["estimate_heldout"] == pytest.approx(estimate, rel=1e-5, abs=1e-6)
    assert samples.grid_values.shape == (2, config.evaluations, len(samples.grid_points))


def test_no_bound_is_claimed_of_a_critic_that_is_not_a_stack_of_layers():
    """The product of an auto-encoder's two norms bounds the reconstruction, not the error."""
    config = CASES["a critic with more than values"]
    result = trained(config)
    assert not any("lipschitz_bound" in row for row in result.history.curves.rows())
    assert result.samples.layer_gradient_norm is None
    stack = trained(configuration("wgan-gp"))
    assert stack.history.curves.rows()[-1]["lipschitz_bound"] > 0
    assert stack.samples.layer_gradient_norm.shape == (2, 2, 3)


def test_a_layers_gradient_is_in_its_own_output_before_the_activation():
    """[GP] figure 1b, by hand: a ReLU net's gradient is its weights' where units are alive."""
    config = configuration("wgan-gp")
    result, size = trained(config), config.batch_size
    chunks = result.samples.real[:size], result.samples.generated[1, -1, :size]
    *layers, head = (layer for layer in result.game.critic if hasattr(layer, "weight"))
    weights = [layer.weight[1].detach().double().numpy() for layer in (*layers, head)]
    biases = [layer.bias[1].detach().double().numpy() for layer in layers]
    squares = np.zeros(len(layers))
    for points in chunks:
        x, alive = points.astype(np.float64), []
        for weight, bias in zip(weights, biases, strict=False):
            x = np.maximum(x @ weight + bias, 0)
            alive.append(x > 0)
        gradient = np.repeat(weights[-1], size, axis=0) / size
        for layer in reversed(range(len(layers))):
            gradient = gradient * alive[layer]
            squares[layer] += (gradient**2).sum()
            gradient = gradient @ weights[layer].T
    found = result.samples.layer_gradient_norm[1, -1]
    np.testing.assert_allclose(found, np.sqrt(squares), rtol=1e-4)


def test_an_objective_sees_what_it_needs_of_a_critique():
    config = CASES["an objective that sees codes"]
    game = Game(config, generated(config), (0, 1), "cpu")
    drawn = []
    sees = type(config.objective).sees

    class Watching(type(config.objective)):
        def sees(self, output):
            drawn.append(output)
            return sees(self, output)

    game.algorithm = with_parts(config, objective=Watching()).algorithm
    log = game.algorithm.critic_step(game)
    real, fake = drawn
    size = (real.parts["codes"] ** 2).sum(-1).mean(-1)
    expected = real.values.mean(-1) - fake.values.mean(-1) - size
    torch.testing.assert_close(log["critic_objective"], expected.detach())
    torch.testing.assert_close(log["estimate"], (expected + size).detach())


def test_a_critique_comes_back_in_float32_where_the_net_computes_in_less():
    config = with_parts(configuration("wgan", precision="bfloat16"), critic=AutoEncodingCritic())
    game = Game(config, generated(config), (0, 1), "cpu")
    with game.task.lowered():
        output = game.critic(game.task.sampler.real())
    assert {output.values.dtype, *(p.dtype for p in output.parts.values())} == {torch.float32}
    exact = game.critic(game.task.sampler.real())
    assert not torch.equal(output.parts["codes"], exact.parts["codes"])
    assert {value.dtype for value in game.iterate().values()} == {torch.float32}
