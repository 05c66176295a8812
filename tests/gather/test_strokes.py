"""Slant and width of drawn strokes, and how closely they follow a code."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wganbench.gather.strokes import follows, slant, width

SIDE = 33
CODE = np.linspace(-2, 2, 9)


def bar(lean: float, thickness: float = 1.0) -> np.ndarray:
    """Return a smooth bar through the middle that leans so many columns a row."""
    rows, columns = np.indices((SIDE, SIDE)) - SIDE // 2
    grey = 255 * np.exp(-(((columns - lean * rows) / thickness) ** 2) / 2 - (rows / 4) ** 2 / 2)
    return np.round(grey).astype(np.uint8)[None, None]


@given(st.floats(-0.8, 0.8))
def test_the_slant_of_a_bar_is_how_far_it_leans(lean):
    assert slant(bar(lean))[0] == pytest.approx(lean, abs=0.02)


@given(st.floats(1.0, 5.0))
def test_the_width_of_an_upright_bar_is_its_deviation(thickness):
    assert width(bar(0.0, thickness))[0] == pytest.approx(thickness, rel=0.02)


def test_brightness_and_place_change_neither():
    image = bar(0.4, 2.0)
    other = np.roll(image // 2, (1, -2), (2, 3))
    assert slant(other)[0] == pytest.approx(slant(image)[0], abs=0.02)
    assert width(other)[0] == pytest.approx(width(image)[0], rel=0.03)


def test_an_image_without_ink_has_neither():
    black = np.zeros((1, 1, SIDE, SIDE), dtype=np.uint8)
    assert slant(black) == width(black) == [0.0]


def test_what_the_code_moves_is_followed_and_what_it_does_not_is_not():
    leaning = np.concatenate([bar(lean) for lean in -CODE / 4])
    both = np.stack([slant(leaning), slant(leaning[::-1])])
    assert follows(CODE, both) == pytest.approx(1)
    rng = np.random.default_rng(0)
    by_chance = [follows(CODE, rng.normal(size=(10, len(CODE)))) for _ in range(200)]
    assert np.mean(by_chance) == pytest.approx(0.28, abs=0.03)  # of nine unrelated numbers
    assert np.isnan(follows(CODE, np.ones((3, len(CODE)))))
