"""What nets know, of nets of which it is known: walks, classes along latents, features."""

import numpy as np
import pytest
import torch
from sklearn.datasets import load_digits
from sklearn.linear_model import RidgeClassifier
from torch import nn

from wganbench.fidelity.asking import STEPS, WALKS
from wganbench.fidelity.saved_nets import (
    between,
    class_moves,
    critic_features,
    few_of_each,
    probed,
    walks,
)
from wganbench.nets.dcgan import DCGANCritic
from wganbench.nets.mlp import MLPCritic
from wganbench.training.streams import Streams

SEEDS, DIM, SIDE = (0, 1), 10, 4
PIXELS = SIDE**2


class Drawn(nn.Module):
    """An image whose first pixels are some function of the latent."""

    def __init__(self, function):
        super().__init__()
        self.function = function

    def forward(self, latents):
        pixels = torch.zeros(*latents.shape[:2], PIXELS)
        pixels[..., :DIM] = self.function(latents)
        return pixels.reshape(*latents.shape[:2], 1, SIDE, SIDE)


def look(images):
    """Features and logits are the first pixels."""
    pixels = torch.from_numpy(images).double().flatten(1)[:, :DIM]
    return pixels, pixels


def streams() -> Streams:
    return Streams(SEEDS, torch.device("cpu"))


def walked(function):
    return walks(Drawn(function), DIM, streams(), look)


def test_a_generator_that_turns_with_its_latent_takes_nearly_equal_steps():
    """Along the arc they are equal but for the ends' lengths."""
    for way in walked(lambda z: z / z.norm(dim=-1, keepdim=True)):
        assert way.images.shape == (WALKS, STEPS + 1, 1, SIDE, SIDE)
        assert 1 <= way.largest < 1.6


def test_one_that_knows_two_images_takes_one_step():
    def two(z):
        return (z[..., :1] > 0).float().expand(*z.shape)

    assert [way.largest for way in walked(two)] == [STEPS] * len(SEEDS)


def test_one_that_knows_one_image_takes_no_step():
    assert all(np.isnan(way.largest) for way in walked(torch.zeros_like))


@pytest.mark.parametrize("share", [0.0, 0.3, 1.0])
def test_between_two_latents_lies_the_arc(share):
    start, end = torch.tensor([2.0, 0.0]), torch.tensor([0.0, 2.0])
    angle = torch.tensor(share * np.pi / 2)
    expected = 2 * torch.stack([angle.cos(), angle.sin()])
    torch.testing.assert_close(between(start, end, share), expected.float())


def test_where_the_largest_entry_is_the_class_moved_latents_mostly_change_to_it():
    for moved, by_chance in class_moves(Drawn(torch.tanh), DIM, streams(), look):
        assert moved > 0.5
        assert by_chance < 0.25  # a tenth but for what shuffled means leave


def test_where_the_class_does_not_depend_on_means_moving_is_chance():
    def by_sign(z):
        """Sixteen cells of four signs each, in pairs that are opposite: every mean is 0."""
        cell = (z[..., 0] * z[..., 1] > 0) * 2 + (z[..., 2] * z[..., 3] > 0)
        return torch.nn.functional.one_hot(cell, DIM).float()

    for moved, by_chance in class_moves(Drawn(by_sign), DIM, streams(), look):
        assert moved == pytest.approx(by_chance, abs=0.12)


def test_of_a_collapsed_generator_nothing_is_said():
    def one(z):
        return torch.eye(DIM)[0].expand(*z.shape)

    assert np.isnan(class_moves(Drawn(one), DIM, streams(), look)).all()


def test_a_probe_is_a_ridge_classifier_of_a_hundred_standardised_images():
    pixels, labels = load_digits(return_X_y=True)
    few = few_of_each(labels[:1000])
    assert np.bincount(labels[few]).tolist() == [10] * 10
    mean, sd = pixels[few].mean(0), pixels[few].std(0)
    scaled = (pixels - mean) / np.where(sd == 0, 1, sd)
    by_hand = RidgeClassifier().fit(scaled[few], labels[few])
    expected = (by_hand.predict(scaled[1000:]) == labels[1000:]).mean()
    assert probed(pixels[few], labels[few], pixels[1000:], labels[1000:]) == expected
    assert 0.6 < expected < 0.95


@pytest.mark.parametrize("design", [MLPCritic(width=8, depth=2), DCGANCritic(width=4, norm="none")])
def test_features_are_what_the_last_layer_is_given(design):
    critic = design.build((1, 16, 16), streams())
    images = np.random.default_rng(0).integers(0, 256, (40, 1, 16, 16)).astype(np.uint8)
    features = critic_features(critic, images)
    assert features.shape[:2] == (len(SEEDS), len(images))
    seen = (torch.from_numpy(images) / 127.5 - 1).expand(len(SEEDS), *images.shape)
    last = [m for m in critic.children() if list(m.parameters())][-1]
    shape = (-1, 4, 4) if isinstance(design, DCGANCritic) else (-1,)
    given = torch.from_numpy(features).reshape(*features.shape[:2], *shape)
    with torch.no_grad():
        torch.testing.assert_close(last(given).reshape(critic(seen).shape), critic(seen))


def test_grey_levels_and_the_floats_that_they_are_have_the_same_features():
    """Data sets hold images as either; a critic has seen values in [-1, 1]."""
    critic = MLPCritic(width=8, depth=2).build((1, 16, 16), streams())
    levels = np.random.default_rng(0).integers(0, 256, (20, 1, 16, 16)).astype(np.uint8)
    floats = levels.astype(np.float32) / np.float32(127.5) - 1
    first, second = (critic_features(critic, images) for images in (levels, floats))
    np.testing.assert_allclose(first, second, atol=1e-6)
    assert np.ptp(second) > 0.1
