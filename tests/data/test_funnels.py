"""Funnel pairs: the construction certifies itself, and agrees with what [KSB] published."""

import csv
import time
import tracemalloc
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import chi2

from wganbench.data.funnels import Funnels
from wganbench.data.known.funnel_files import load_npz, load_state_dict, pairs_in
from wganbench.data.known.funnels import FunnelPair
from wganbench.errors import UserError
from wganbench.transport.exact import exact_w1

SHAPES = [(1, 3), (2, 1), (2, 4), (2, 64), (8, 16), (32, 100), (128, 256)]
# From REFERENCE.md, section 4: an independent implementation, 20,000 samples, with its errors.
INDEPENDENT = {(2, 4): (0.820, 0.003), (2, 16): (0.464, 0.002), (4, 64): (0.708, 0.003)} | {
    (16, 64): (1.547, 0.008)
}


@pytest.fixture
def published(root: Path) -> Path:
    folder = root.parent / "shared" / "reference"
    if not (folder / "w1benchmark_nd_pairs.npz").exists():
        pytest.skip("the published pairs are not at ../shared/reference")
    return folder


@pytest.mark.parametrize(("dim", "funnels"), SHAPES)
def test_coupled_pairs_climb_the_potential_at_slope_one(dim: int, funnels: int) -> None:
    pair = FunnelPair.random(dim, funnels, seed=0)
    x, y = pair.sample_coupled(2000, np.random.default_rng(1))
    climb = pair.potential(y) - pair.potential(x)
    np.testing.assert_allclose(climb, np.linalg.norm(y - x, axis=1), rtol=0, atol=1e-12)
    assert climb.max() > 0.1
    assert np.abs(x).max() <= 2.5


@pytest.mark.parametrize(("dim", "funnels"), SHAPES)
def test_the_potential_is_1_lipschitz(dim: int, funnels: int) -> None:
    pair = FunnelPair.random(dim, funnels, seed=2)
    rng = np.random.default_rng(3)
    a = pair.sample_y(2000, rng)
    for b in (pair.sample_y(2000, rng), a + 1e-3 * rng.standard_normal(a.shape)):
        rise = np.abs(pair.potential(a) - pair.potential(b))
        assert (rise <= np.linalg.norm(a - b, axis=1) + 1e-12).all()


@pytest.mark.parametrize(("dim", "funnels"), [(2, 16), (16, 64), (128, 256)])
def test_pot_finds_no_cheaper_plan_than_the_coupling(dim: int, funnels: int) -> None:
    x, y = FunnelPair.random(dim, funnels, seed=4).sample_coupled(300, np.random.default_rng(5))
    assert exact_w1(x, y) == pytest.approx(np.linalg.norm(x - y, axis=1).mean(), abs=1e-9)


@pytest.mark.parametrize("funnels", [4, 16])
def test_pot_on_independent_samples_in_the_plane_agrees_within_sampling_error(
    funnels: int,
) -> None:
    """Empirical W1 is biased upwards, in the plane and at n = 1,000 by 1% and 4% here."""
    pair = FunnelPair.random(2, funnels, seed=6)
    rng = np.random.default_rng(7)
    distances = [exact_w1(pair.sample_x(1000, rng), pair.sample_y(1000, rng)) for _ in range(8)]
    truth, error = pair.true_w1(100_000, rng)
    noise = 4 * np.hypot(error, np.std(distances, ddof=1) / np.sqrt(8))
    assert noise < 0.06 * truth
    assert -noise < np.mean(distances) - truth < noise + 0.05 * truth


def test_the_true_gradient_is_the_slope_of_the_potential() -> None:
    pair = FunnelPair.random(3, 8, seed=8)
    points = pair.sample_y(500, np.random.default_rng(9))
    gradient = pair.potential_gradient(points)
    np.testing.assert_allclose(np.linalg.norm(gradient, axis=1), 1, atol=1e-12)
    step = 1e-6
    slopes = np.stack(
        [
            (pair.potential(points + e) - pair.potential(points - e)) / (2 * step)
            for e in step * np.eye(3)
        ],
        axis=1,
    )
    # Within 1e-6 of a kink the difference quotient straddles two funnels: a few points in 10^6.
    np.testing.assert_allclose(slopes, gradient, atol=1e-4)
    assert (pair.potential_gradient(pair.centers) == 0).all(axis=1).any()


def test_x_lies_where_a_march_along_the_ray_puts_it() -> None:
    """The end of each ray, found by bisection instead of in closed form."""
    pair = FunnelPair.random(3, 6, seed=10)
    y = pair.sample_y(400, np.random.default_rng(11))
    heights = np.linalg.norm(y[:, None] - pair.centers, axis=-1) + pair.biases
    funnel = heights.argmin(axis=1)
    lower = pair.centers[funnel]
    reached = np.linalg.norm(y - lower, axis=1)
    direction = (y - lower) / reached[:, None]
    low, high = reached.copy(), np.full(len(y), 20.0)
    for _ in range(60):
        middle = (low + high) / 2
        at = lower + middle[:, None] * direction
        lowest = (np.linalg.norm(at[:, None] - pair.centers, axis=-1) + pair.biases).min(axis=1)
        own = (middle + pair.biases[funnel] <= lowest + 1e-13) & (np.abs(at).max(axis=1) <= 2.5)
        low, high = np.where(own, middle, low), np.where(own, high, middle)
    expected = lower + (low * (reached / low) ** 8)[:, None] * direction
    np.testing.assert_allclose(pair.transport(y), expected, atol=1e-9)


def test_a_single_funnel_at_the_origin_of_the_line_has_w1_by_hand() -> None:
    """Y uniform on [-2.5, 2.5], rays of length 2.5, t uniform: W1 = 2.5 (1/2 - 1/9)."""
    pair = FunnelPair(np.zeros((1, 1)), np.zeros(1))
    mean, error = pair.true_w1(20_000, np.random.default_rng(12))
    assert abs(mean - 2.5 * (1 / 2 - 1 / 9)) < 4 * error
    y = np.array([[-2.5], [-1.25], [0.0], [1.25], [2.5]])
    np.testing.assert_allclose(
        pair.transport(y)[:, 0], 2.5 * np.array([-1, -(0.5**8), 0, 0.5**8, 1]), atol=1e-15
    )


def test_the_true_cost_is_the_mean_over_the_coupled_pairs() -> None:
    pair = FunnelPair.random(64, 16, seed=13)
    n = 40_000  # more than one chunk
    x, y = pair.sample_coupled(n, np.random.default_rng(14))
    lengths = np.linalg.norm(x - y, axis=1)
    mean, error = pair.true_w1(n, np.random.default_rng(14))
    assert mean == pytest.approx(lengths.mean(), abs=1e-12)
    assert error == pytest.approx(lengths.std(ddof=1) / np.sqrt(n), abs=1e-12)
    with pytest.raises(ValueError, match="at least 2"):
        pair.true_w1(1, np.random.default_rng(0))


def test_chunks_leave_no_seam() -> None:
    pair = FunnelPair.random(128, 256, seed=15)
    y = pair.sample_y(10_000, np.random.default_rng(16))
    for method in (pair.transport, pair.potential, pair.potential_gradient):
        np.testing.assert_array_equal(method(y)[8190:8200], method(y[8190:8200]))


def test_the_largest_pair_is_sampled_in_seconds_and_within_memory() -> None:
    pair = FunnelPair.random(128, 256, seed=17)
    tracemalloc.start()
    started = time.perf_counter()
    pair.sample_coupled(20_000, np.random.default_rng(18))
    seconds = time.perf_counter() - started
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 500e6
    assert seconds < 20  # 0.6 s measured; a busy machine is forgiven


def test_a_seed_makes_one_pair() -> None:
    first, again = (FunnelPair.random(4, 8, seed=19) for _ in range(2))
    np.testing.assert_array_equal(first.centers, again.centers)
    np.testing.assert_array_equal(first.biases, again.biases)
    assert (first.dim, first.funnels) == (4, 8)
    assert not np.array_equal(first.centers, FunnelPair.random(4, 8, seed=20).centers)


@pytest.mark.parametrize(
    ("centers", "biases", "options", "message"),
    [
        (np.zeros((2, 3)), np.zeros(3), {}, "do not fit"),
        (np.zeros(3), np.zeros(3), {}, "do not fit"),
        (np.full((1, 2), 2.6), np.zeros(1), {}, "in the box"),
        (np.full((1, 2), np.nan), np.zeros(1), {}, "finite"),
        (np.zeros((1, 2)), np.zeros(1), {"power": 1.0}, "power"),
        (np.zeros((1, 2)), np.zeros(1), {"half_width": 0.0}, "half_width"),
    ],
)
def test_what_is_no_funnel_pair_is_refused(
    centers: np.ndarray, biases: np.ndarray, options: dict[str, float], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        FunnelPair(centers, biases, **options)


def test_points_outside_the_box_or_of_another_space_are_refused() -> None:
    pair = FunnelPair.random(2, 4, seed=21)
    with pytest.raises(ValueError, match="in the box"):
        pair.transport(np.array([[0.0, 2.6]]))
    with pytest.raises(ValueError, match="in the box"):
        pair.transport(np.array([[0.0, np.nan]]))
    with pytest.raises(ValueError, match=r"not \(n, 2\)"):
        pair.potential(np.zeros((5, 3)))


def test_all_28_published_costs_are_met_within_monte_carlo_error(published: Path) -> None:
    """Theirs are means of 4,096 samples, so either side has its error; both are in z."""
    with (published / "w1benchmark_nd_metrics.csv").open() as table:
        rows = [row for row in csv.DictReader(table) if row["solver"] == "true"]
    archive = published / "w1benchmark_nd_pairs.npz"
    assert sorted((int(row["dim"]), int(row["funnels"])) for row in rows) == pairs_in(archive)
    z = []
    for row in rows:
        pair = load_npz(archive, int(row["dim"]), int(row["funnels"]))
        mean, error = pair.true_w1(20_000, np.random.default_rng(0))
        z.append((mean - float(row["cost"])) / (error * np.sqrt(1 + 20_000 / 4096)))
    assert len(z) == 28
    assert np.abs(z).max() < 4
    # Together they are a chi-square with 28 degrees of freedom: neither too far nor too near.
    assert chi2.ppf(1e-4, 28) < np.square(z).sum() < chi2.ppf(1 - 1e-4, 28)


@pytest.mark.parametrize(("dim", "funnels"), INDEPENDENT)
def test_an_independent_implementation_is_met(published: Path, dim: int, funnels: int) -> None:
    pair = load_npz(published / "w1benchmark_nd_pairs.npz", dim, funnels)
    mean, error = pair.true_w1(20_000, np.random.default_rng(1))
    theirs, their_error = INDEPENDENT[dim, funnels]
    assert abs(mean - theirs) < 4 * np.hypot(error, their_error)


def test_pairs_are_loaded_from_an_archive(tmp_path: Path) -> None:
    pair = FunnelPair.random(3, 5, seed=22)
    path = tmp_path / "pairs.npz"
    np.savez(path, d3_n5_centers=pair.centers, d3_n5_bias=pair.biases, about=np.zeros(1))
    loaded = load_npz(path, 3, 5)
    np.testing.assert_array_equal(loaded.centers, pair.centers)
    np.testing.assert_array_equal(loaded.biases, pair.biases)
    assert pairs_in(path) == [(3, 5)]
    with pytest.raises(UserError, match="no array d3_n6_centers; pairs it holds: d3_n5"):
        load_npz(path, 3, 6)


def test_archives_that_cannot_be_used_are_refused_with_their_path(tmp_path: Path) -> None:
    bad = {
        "missing.npz": None,
        "empty.npz": b"",
        "text.npz": b"no archive",
        "cut.npz": b"PK\x03\x04cut",
    }
    for name, content in bad.items():
        if content is not None:
            (tmp_path / name).write_bytes(content)
        with pytest.raises(UserError, match=name):
            load_npz(tmp_path / name, 2, 4)
    np.save(tmp_path / "array.npy", np.zeros(3))
    with pytest.raises(UserError, match="array"):
        load_npz(tmp_path / "array.npy", 2, 4)
    pickled = np.array([{}], dtype=object)
    np.savez(tmp_path / "pickled.npz", d2_n1_centers=pickled, d2_n1_bias=pickled)
    with pytest.raises(UserError, match="pickled"):
        load_npz(tmp_path / "pickled.npz", 2, 1)
    np.savez(tmp_path / "outside.npz", d2_n1_centers=np.full((1, 2), 9.0), d2_n1_bias=np.zeros(1))
    with pytest.raises(UserError, match=r"outside\.npz: no valid funnel pair"):
        load_npz(tmp_path / "outside.npz", 2, 1)
    np.savez(tmp_path / "swapped.npz", d2_n1_centers=np.zeros((2, 1)), d2_n1_bias=np.zeros(1))
    with pytest.raises(UserError, match="shape"):
        load_npz(tmp_path / "swapped.npz", 2, 1)


def test_pairs_are_loaded_from_a_state_dict(tmp_path: Path) -> None:
    import torch

    pair = FunnelPair.random(3, 5, seed=23)
    path = tmp_path / "pair.pt"
    state = {"net.centers": torch.tensor(pair.centers), "net.bias": torch.tensor(pair.biases)}
    torch.save(state, path)
    loaded = load_state_dict(path)
    np.testing.assert_array_equal(loaded.centers, pair.centers)
    np.testing.assert_array_equal(loaded.biases, pair.biases)
    torch.save({"net.centers": state["net.centers"]}, path)
    with pytest.raises(UserError, match="no key ends in bias"):
        load_state_dict(path)


def test_a_published_state_dict_is_taken_for_the_pair_that_it_holds(tmp_path: Path) -> None:
    import torch

    pair = FunnelPair.random(3, 5, seed=22)
    state = {"u.centers": torch.tensor(pair.centers), "u.bias": torch.tensor(pair.biases)}
    torch.save(state, tmp_path / "pair.pt")
    law = Funnels(dim=3, funnels=5, file=str(tmp_path / "pair.pt"))
    np.testing.assert_array_equal(law.pair().centers, pair.centers)
    with pytest.raises(UserError, match=r"pair\.pt: holds d3_n5, not d3_n4"):
        Funnels(dim=3, funnels=4, file=str(tmp_path / "pair.pt")).pair()


def test_nobody_is_told_to_delete_a_file_of_theirs(tmp_path: Path) -> None:
    np.save(tmp_path / "x.npy", np.zeros(3))
    with pytest.raises(UserError) as told:
        load_npz(tmp_path / "x.npy", 2, 4)
    assert "is no .npz file (" in str(told.value)
    assert str(told.value).endswith("name an .npz archive of funnel pairs")
    with pytest.raises(UserError) as told:
        load_npz(tmp_path, 2, 4)
    assert str(told.value).endswith(
        "is not a file but a folder; name an .npz archive of funnel pairs"
    )


def test_state_dicts_that_cannot_be_used_are_refused_on_one_line(tmp_path: Path) -> None:
    import torch

    (tmp_path / "text.pt").write_text("no state dict")
    torch.save({"net.centers": Path("code")}, tmp_path / "object.pt")  # needs unpickling of code
    torch.save([torch.zeros(2)], tmp_path / "list.pt")
    for name in ("missing.pt", "text.pt", "object.pt", "list.pt"):
        with pytest.raises(UserError, match=name) as raised:
            load_state_dict(tmp_path / name)
        assert "\n" not in str(raised.value)
