"""Codes, the bound that a recogniser gives, and who gains by it."""

from dataclasses import replace
from math import log

import numpy as np
import pytest
import torch
from configurations import IMAGES, configuration, generated
from training_cases import INFOGAN

from wganbench.algorithms.infogan import InfoGAN
from wganbench.matching import information, joint_counts, matched, matched_share
from wganbench.plan.configuration import Configuration
from wganbench.training.game import Game
from wganbench.training.process import prepare_torch
from wganbench.training.train import train

SEEDS = (7, 1)


@pytest.fixture(autouse=True)
def _prepared() -> None:
    prepare_torch("cpu")


def config(**changes: object) -> Configuration:
    return configuration("gan", INFOGAN, **changes)


def game(**changes: object) -> tuple[InfoGAN, Game]:
    made = config(**changes)
    assert isinstance(made.algorithm, InfoGAN)
    return made.algorithm, Game(made, generated(made), SEEDS, "cpu")


@pytest.fixture
def categorical() -> InfoGAN:
    return game(continuous=0)[0]


def one_of_each(categories: int) -> torch.Tensor:
    """Latents without noise, one of each category, for one replica."""
    return torch.eye(categories)[None]


def test_a_recogniser_that_is_sure_and_right_finds_the_entropy(categorical):
    found, _ = categorical.bound(100 * one_of_each(10), one_of_each(10))
    assert found.item() == pytest.approx(log(10))


def test_one_that_knows_nothing_finds_nothing_and_one_that_is_wrong_less(categorical):
    latents = one_of_each(10)
    assert categorical.bound(torch.zeros(1, 10, 10), latents)[0].item() == pytest.approx(
        0, abs=1e-6
    )
    assert categorical.bound(10 * latents.roll(1, -1), latents)[0].item() < -5


def test_one_that_tells_halves_finds_log_2(categorical):
    halves = 100 * (torch.arange(10)[:, None] // 5 == torch.arange(10) // 5).float()[None]
    found, _ = categorical.bound(halves, one_of_each(10))
    assert found.item() == pytest.approx(log(2), abs=1e-5)


def test_the_error_of_a_continuous_code_is_that_of_its_mean():
    algorithm, played = game(continuous=2)
    latents = algorithm.drawn(played.task, "latent")
    guess = torch.zeros(2, played.task.batch_size, 12)
    _, error = algorithm.bound(guess, latents)
    torch.testing.assert_close(error, (latents[..., 10:12] ** 2).flatten(1).mean(-1))


def test_latents_are_a_category_codes_and_noise():
    algorithm, played = game(continuous=2, batch_size=2000)
    latents = algorithm.drawn(played.task, "latent")
    assert latents.shape == (2, 2000, 10 + 2 + algorithm.generator.latent_dim)
    torch.testing.assert_close(latents[..., :10].sum(-1), torch.ones(2, 2000))
    assert (latents[..., :10].mean(1) - 0.1).abs().max() < 0.03
    rest = latents[..., 10:]
    assert rest.min() >= -1
    assert rest.max() < 1
    assert rest.var().item() == pytest.approx(1 / 3, abs=0.02)


def test_the_category_of_a_saved_sample_is_known():
    algorithm, played = game()
    latents = algorithm.latents(played.task, 25)
    np.testing.assert_array_equal(
        latents[..., :10].argmax(-1).numpy(), [algorithm.category_of(25)] * 2
    )


@pytest.mark.parametrize("other", [{"recogniser": "own"}, {"recogniser_width": 9}])
def test_with_lambda_0_nobody_but_the_recogniser_knows_of_it(other):
    """Whatever the recogniser is, generator and critic come out the same bit for bit."""
    ends = []
    for changes in ({}, other):
        made = config(information_weight=0.0, **changes)
        ends.append(train(made, generated(made), SEEDS).game.players)
    for name in ("generator", "critic"):
        parts = [players[name].net.state_dict() for players in ends]
        assert all(torch.equal(parts[0][key], parts[1][key]) for key in parts[0])


@pytest.mark.parametrize("recogniser", ["own", "shared"])
def test_with_lambda_the_generator_knows_of_it_and_the_critic_if_it_shares_its_body(recogniser):
    after = []
    for weight in (0.0, 1.0):
        algorithm, played = game(information_weight=weight, recogniser=recogniser)
        algorithm.critic_step(played)
        critic = played.players["critic"].net[1].weight.detach().clone()
        algorithm.generator_step(played)
        after.append((critic, played.players["generator"].net[0].weight.detach()))
    (critic, generator), (with_critic, with_generator) = after
    assert torch.equal(critic, with_critic) == (recogniser == "own")
    assert not torch.equal(generator, with_generator)


@pytest.mark.parametrize("recogniser", ["own", "shared"])
def test_the_recogniser_learns_while_lambda_is_0(recogniser):
    algorithm, played = game(information_weight=0.0, recogniser=recogniser)
    before = [p.clone() for p in played.players["recogniser"].net.parameters()]
    algorithm.critic_step(played)
    after = played.players["recogniser"].net.parameters()
    assert not any(torch.equal(a, b) for a, b in zip(before, after, strict=True))


def test_what_is_held_out_is_looked_at_at_evaluations_alone():
    made = config(iterations=6, evaluations=2)
    rows = train(made, generated(made), (7,)).history.curves.rows()
    held = [r["iteration"] for r in rows if r.get("information_heldout") is not None]
    errors = [r["recognition_error"] for r in rows if "recognition_error" in r]
    assert held == [3, 6]
    assert all(0 <= error <= 1 for error in errors)
    assert [r["information"] is not None for r in rows] == [True] * 6


def test_iterations_that_are_evaluated_are_never_recorded():
    """Each is of a kind of its own, and a kind is recorded from its fourth on."""
    algorithm, played = game(iterations=6, evaluations=2)
    kinds = []
    for _ in range(6):
        kinds.append(algorithm.kind_of_iteration(played))
        played.iterate()
    assert kinds == [0, 0, 3, 0, 0, 6]


def test_without_labels_there_is_no_error_on_real_images():
    made = config()
    arrays = replace(generated(made), labels=None, heldout_labels=None)
    rows = train(made, arrays, (7,)).history.curves.rows()
    assert "information_heldout" in rows[-1]
    assert "recognition_error" not in rows[-1]


def test_a_recogniser_that_gives_each_class_its_category_makes_no_error(monkeypatch):
    """Categories are other names of the classes: the next digit's."""
    algorithm, played = game(samples=360)
    labels = torch.from_numpy(np.asarray(played.task.arrays.heldout_labels))
    names = torch.nn.functional.one_hot((labels + 1) % 10, 11).float().expand(2, -1, -1)
    monkeypatch.setattr(InfoGAN, "guess", lambda self, game, x: names)
    np.testing.assert_allclose(algorithm._error_on_real(played), [0, 0], atol=1e-6)


def test_a_critic_that_is_no_plain_stack_shares_no_body():
    with pytest.raises(ValueError, match="shares its body with no recogniser but those of mlp"):
        configuration("gan", IMAGES, algorithm="infogan")
    configuration("gan", IMAGES, algorithm="infogan", recogniser="own")


def test_categories_are_matched_with_classes_one_to_one():
    """The commonest class of both first categories is the first, which only one can have."""
    counts = np.array([[9, 1, 0], [8, 5, 0], [0, 0, 4]])
    np.testing.assert_array_equal(matched(counts), [0, 1, 2])
    assert matched_share(counts) == (9 + 5 + 4) / 27
    np.testing.assert_array_equal(matched(counts[:, :2]), [0, 1, -1])
    assert matched_share(counts[:, :2]) == 14 / 23


def test_information_of_counts_where_it_is_known():
    categories = np.repeat(np.arange(4), 10)
    same, halves, none = (
        joint_counts(categories, classes, (4, 4))
        for classes in (categories[::-1], categories // 2, np.tile(np.arange(2), 20))
    )
    assert information(same) == pytest.approx(log(4))
    assert information(halves) == pytest.approx(log(2))
    assert information(none) == pytest.approx(0)
