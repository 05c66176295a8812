"""Numbers of the sources, each found in a way of its own."""

import numpy as np
import pytest

from wganbench.known_answers import bumps, games, known_answers
from wganbench.known_answers.lines import kl_with_noise

ANSWERS = [answer for topic in known_answers() for answer in topic.answers]


@pytest.mark.parametrize("answer", ANSWERS, ids=lambda answer: answer.quantity)
def test_what_is_found_is_what_the_source_has(answer):
    assert answer.found == pytest.approx(answer.expected, abs=1e-9)


@pytest.mark.parametrize("shift", [0.0, 0.3, 1.0, 2.5])
def test_jensen_shannon_of_bumps_is_what_the_areas_give(shift):
    """Where one law alone has its bump the densities are b and b + m / width."""
    low = (1 - bumps.MASS) / bumps.LENGTH
    high = low + bumps.MASS / bumps.WIDTH
    rate = sum(h * np.log(2 * h / (low + high)) for h in (low, high))
    found = bumps.jensen_shannon(bumps.bump(0), bumps.bump(shift))
    assert found == pytest.approx(min(shift, bumps.WIDTH) * rate, abs=1e-12)


@pytest.mark.parametrize(("theta", "noise"), [(0.1, 0.3), (1.0, 0.5), (-0.7, 0.2)])
def test_kl_with_noise_is_that_of_two_normal_laws(theta, noise):
    assert kl_with_noise(theta, noise) == pytest.approx(theta**2 / (2 * noise**2), rel=1e-6)


@pytest.mark.parametrize("eta", [0.05, 0.3])
def test_on_a_bilinear_game_steps_leave_stay_or_come_in_by_how_turns_are_taken(eta):
    """Each way is a matrix; its eigenvalues say what becomes of the distance."""
    ways = {
        "simultaneous": [[1, -eta], [eta, 1]],
        "alternating": [[1, -eta], [eta, 1 - eta**2]],
        "extra-gradient": [[1 - eta**2, -eta], [eta, 1 - eta**2]],
    }
    for way, matrix in ways.items():
        path = games.path(games.WAYS[way], games.bilinear, eta, steps=7)
        expected = np.linalg.matrix_power(np.array(matrix), 7) @ games.START
        np.testing.assert_allclose(path[-1], expected, atol=1e-12)
    sizes = {way: max(abs(np.linalg.eigvals(matrix))) for way, matrix in ways.items()}
    assert sizes["simultaneous"] > 1 > sizes["extra-gradient"]
    assert sizes["alternating"] == pytest.approx(1)
