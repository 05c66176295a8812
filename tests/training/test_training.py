"""Training does what the papers' algorithms say, checked against known answers."""

from math import log

import numpy as np
import pytest
import torch
from configurations import IMAGES, PAIR, configuration, generated

from wganbench.grey_levels import floats_of
from wganbench.nets.layers.gradients import input_gradient_norm
from wganbench.training.game import Game
from wganbench.training.process import prepare_torch
from wganbench.training.streams import Streams
from wganbench.training.train import train


@pytest.fixture(autouse=True)
def _prepared() -> None:
    prepare_torch("cpu")


def game(method: str, seeds: tuple[int, ...] = (0, 1), **changes) -> Game:
    config = configuration(method, **changes)
    return Game(config, generated(config), seeds, "cpu")


def test_clipping_keeps_every_critic_parameter_in_the_box_norms_included():
    config = configuration("wgan", IMAGES, constraint__clip_value=0.003)
    played = Game(config, generated(config), (0, 1), "cpu")
    played.iterate()
    # The largest lie on the boundary: the box was used, and batch-norm scales (1 at first) too.
    for parameter in played.critic.parameters():
        assert parameter.abs().max().item() == pytest.approx(0.003, rel=1e-6)


def test_n_critic_steps_are_taken_for_each_generator_step():
    played = game("wgan", n_critic=7)
    for _ in range(3):
        played.iterate()
    taken = {name: player.steps for name, player in played.players.items()}
    assert taken == {"critic": 21, "generator": 3}


def test_warm_up_steps_are_the_first_ones_and_every_so_many_th():
    played = game("wgan", n_critic=2, warm_up_n_critic=7, warm_up_first=2, warm_up_every=4)
    taken = []
    for _ in range(9):
        before = played.players["critic"].steps
        played.iterate()
        taken.append(played.players["critic"].steps - before)
    assert taken == [7, 7, 2, 2, 7, 2, 2, 2, 7]


def test_the_official_codes_warm_up_is_its_own():
    # main.py: Diters = 100 if gen_iterations < 25 or gen_iterations % 500 == 0, else 5.
    code, paper = configuration("wgan-code").algorithm, configuration("wgan").algorithm
    for done in range(1_002):
        assert code.critic_steps(done) == (100 if done < 25 or done % 500 == 0 else 5)
        assert paper.critic_steps(done) == 5


def test_a_critic_step_moves_the_critic_only_and_a_generator_step_the_generator_only():
    played = game("wgan-gp")

    def moved(step) -> tuple[bool, bool]:
        nets = [played.players[name].net for name in ("critic", "generator")]
        before = [[p.clone() for p in net.parameters()] for net in nets]
        step(played)
        return tuple(
            any(not torch.equal(a, b) for a, b in zip(old, net.parameters(), strict=True))
            for old, net in zip(before, nets, strict=True)
        )

    assert moved(played.algorithm.critic_step) == (True, False)
    assert moved(played.algorithm.generator_step) == (False, True)


def test_the_penalty_is_logged_apart_from_objective_and_estimate():
    both = (game("wgan-gp", constraint__penalty_weight=weight) for weight in (1.0, 100.0))
    light, heavy = (played.algorithm.critic_step(played) for played in both)
    torch.testing.assert_close(heavy["penalty"], 100 * light["penalty"])
    torch.testing.assert_close(heavy["estimate"], light["estimate"], rtol=0, atol=0)
    torch.testing.assert_close(light["critic_objective"], light["estimate"])


def test_the_gradient_penalty_is_the_papers_formula():
    played = game("wgan-gp", constraint__penalty_weight=3.0)
    real, fake = torch.randn(2, 2, 9, 2)
    streams = Streams((5, 6), torch.device("cpu"))
    penalty = played.configuration.constraint.penalty(played.critic, real, fake, streams)
    share = Streams((5, 6), torch.device("cpu")).uniform("penalty", 9)[..., None]
    between = share * real + (1 - share) * fake
    # One Jacobian row at a time, by finite differences of the critic in double precision.
    critic = played.critic.double()
    h = 1e-6
    gradient = torch.stack(
        [
            (critic(between.double() + h * e) - critic(between.double() - h * e)) / (2 * h)
            for e in torch.eye(2).double()
        ],
        dim=-1,
    )
    expected = 3 * ((gradient.norm(dim=-1) - 1) ** 2).mean(-1)
    torch.testing.assert_close(penalty.double(), expected, rtol=1e-4, atol=1e-5)


def test_the_estimate_of_a_gradient_penalised_critic_is_near_the_true_distance():
    # N(-3, 1) against N(3, 1): W1 = 6. The penalty lets the critic overshoot to W(1 + W/2 lambda).
    config = configuration(
        "wgan-gp",
        PAIR,
        iterations=150,
        critic__width=32,
        batch_size=128,
        samples=2000,
        optimizer__lr=2e-3,
        optimizer__beta1=0.5,
        n_critic=5,
        evaluations=1,
    )
    trained = train(config, generated(config), (0, 1))
    for row in trained.history.curves.rows()[-2:]:
        assert 5.5 < row["estimate_heldout"] < 6 * (1 + 6 / 20) + 0.5
        normalised = row["estimate_heldout"] / row["gradient_norm_max"]
        # The quotient is a lower bound of W1, up to sampling; 0.7 leaves room for a short training.
        assert 0.7 * 6 < normalised <= 6.1


def test_the_discriminators_divergence_stays_below_log_2():
    config = configuration("gan", PAIR, iterations=150, n_critic=5, samples=1000)
    rows = train(config, generated(config), (0,)).history.curves.rows()
    assert rows[-1]["divergence_heldout"] > 0.5  # the laws hardly overlap
    assert all(row["divergence"] < log(2) for row in rows)


def test_a_wgan_gp_learns_a_law():
    config = configuration(
        "wgan-gp",
        iterations=150,
        constraint__penalty_weight=0.1,
        optimizer__beta1=0.5,
        optimizer__lr=2e-3,
        generator__width=32,
        critic__width=32,
        samples=400,
    )
    samples = train(config, generated(config), (0,)).samples
    radii = np.linalg.norm(samples.generated[0], axis=-1)
    # The modes lie at radius 1.41; an untrained generator's samples stay near the origin.
    assert np.median(radii[-1]) == pytest.approx(2 / 1.414, abs=0.35)


def test_the_critics_values_are_those_of_the_saved_samples():
    for base in ({}, IMAGES):
        config = configuration("wgan-gp", **({"base": base} if base else {}), critic__norm="none")
        trained = train(config, generated(config), (0, 1))
        samples, critic = trained.samples, trained.game.critic
        last = torch.from_numpy(floats_of(samples.generated[:, -1]))
        with torch.no_grad():
            values = critic(last).numpy()
        np.testing.assert_allclose(samples.critic_generated[:, -1], values, rtol=1e-5, atol=1e-6)
        held_out = trained.history.curves.rows()[-1]["estimate_heldout"]
        saved = samples.critic_real[1, -1].mean() - samples.critic_generated[1, -1].mean()
        assert held_out == pytest.approx(saved, rel=1e-5, abs=1e-6)


def test_the_critic_is_evaluated_on_training_samples_of_its_pool_too():
    for base in ({}, IMAGES):
        changes = {"train_samples": 1, "critic__norm": "none", "samples": 12}
        config = configuration("wgan-gp", **({"base": base} if base else {}), **changes)
        arrays = generated(config)
        trained = train(config, arrays, (0, 1))
        with torch.no_grad():
            only = trained.game.critic(
                torch.from_numpy(arrays.train[:1]).expand(2, 1, *config.data.shape)
            )
        told = trained.history.curves.rows()[-1]["estimate_train"]
        expected = only[1].item() - trained.samples.critic_generated[1, -1].mean()
        # Images are compared as they are saved, in 8 bits.
        assert told == pytest.approx(expected, rel=1e-5, abs=1e-2 if base else 1e-6)
    assert "estimate_train" not in train(
        configuration("wgan", PAIR), generated(configuration("wgan", PAIR)), (0,)
    ).history.curves.rows()[-1]  # fmt: skip


def test_the_largest_gradient_norm_bounds_that_of_the_saved_samples():
    config = configuration("wgan-gp")
    trained = train(config, generated(config), (0,))
    norms = input_gradient_norm(trained.game.critic, torch.from_numpy(trained.samples.real)[None])
    assert trained.history.curves.rows()[-1]["gradient_norm_max"] >= norms.max().item() - 1e-6
