"""Mode coverage of samples whose coverage is known by construction."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wganbench.data.gaussians import EightGaussians, TwentyFiveGaussians
from wganbench.fidelity.modes import Coverage, coverage

SQUARE = np.array([[0.0, 0], [4, 0], [0, 4], [4, 4]])  # neighbours 4 apart: loosely within 1
STD = 0.1  # strictly within 0.3


def samples(*counts, offset=(0.0, 0.0)):
    """Return so many samples at each corner, all moved by the offset."""
    return np.repeat(SQUARE[: len(counts)], counts, axis=0) + np.array(offset)


@pytest.mark.parametrize(
    ("points", "expected"),
    [
        (samples(25, 25, 25, 25), Coverage(4, 4, 1.0)),
        (samples(100), Coverage(1, 1, 1.0)),
        (samples(50, 50, offset=(0.29, 0)), Coverage(2, 2, 1.0)),
        (samples(50, 50, offset=(0.31, 0)), Coverage(2, 0, 0.0)),
        (samples(50, 50, offset=(0.2, 0.2)), Coverage(2, 2, 1.0)),
        (samples(50, 50, offset=(0.25, 0.25)), Coverage(2, 0, 0.0)),  # 0.35: a disc, no square
        (samples(50, 50, offset=(0, 0.99)), Coverage(2, 0, 0.0)),
        (samples(50, 50, offset=(0, 1.01)), Coverage(0, 0, 0.0)),
        (samples(25, 25, 25, 25, offset=(2, 2)), Coverage(0, 0, 0.0)),
        # A fair share is 25 of 100: five samples cover a mode loosely, one covers it strictly.
        (samples(94, 5, 1, 0), Coverage(2, 3, 1.0)),
        (samples(95, 4, 0, 1), Coverage(1, 3, 1.0)),
        (np.concatenate([samples(50), samples(50, offset=(0.5, 0))]), Coverage(1, 1, 0.5)),
        (np.full((100, 2), 1e6), Coverage(0, 0, 0.0)),
        (np.full((100, 2), np.nan), Coverage(0, 0, 0.0)),
    ],
)
def test_coverage_of_samples_made_by_hand(points, expected):
    assert coverage(points, SQUARE, STD) == expected


@given(
    seed=st.integers(0, 2**32),
    angle=st.floats(0, 6.28),
    scale=st.floats(0.1, 10),
    shift=st.floats(-10, 10),
)
def test_coverage_does_not_depend_on_order_position_or_scale(seed, angle, scale, shift):
    rng = np.random.default_rng(seed)
    points = np.concatenate([samples(60, 30, 9, 1) + 0.05 * rng.standard_normal((100, 2)),
                             rng.uniform(1.2, 2.8, (20, 2))])  # fmt: skip
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])

    def moved(x):
        return scale * x @ turn + shift

    before = coverage(points, SQUARE, STD)
    after = coverage(moved(rng.permutation(points)), moved(SQUARE), scale * STD)
    assert (after.modes_loose, after.modes_strict) == (before.modes_loose, before.modes_strict)
    assert after.share_strict == pytest.approx(before.share_strict, abs=0.01 + 1e-9)


@pytest.mark.parametrize("data", [EightGaussians(), TwentyFiveGaussians()], ids=lambda d: d.name)
def test_the_laws_own_samples_cover_every_mode_with_a_normals_share(data):
    train = data.generate(np.random.default_rng(0)).train
    found = coverage(train, data.modes(), data.mode_std())
    assert (found.modes_loose, found.modes_strict) == (len(data.modes()),) * 2
    inside = 1 - np.exp(-4.5)  # a plane normal within three standard deviations
    error = 4 * np.sqrt(inside * (1 - inside) / len(train))
    assert found.share_strict == pytest.approx(inside, abs=error)
