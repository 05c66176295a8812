"""Two files of points, measured: known distances, floors, certificates, and their files."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import torch
from scipy.spatial.distance import pdist

from wganbench.data.raw.point_files import read_points
from wganbench.errors import UserError
from wganbench.losses.sinkhorn import Sinkhorn
from wganbench.measure.points import ENTROPY, measure_points, thinned

RNG = np.random.default_rng(0)
X, Y = RNG.normal(size=(60, 3)) + np.eye(3)[0], RNG.normal(size=(80, 3))


def named(found) -> dict:
    return {distance.name: distance for distance in found.distances}


# --- numbers


def test_of_a_shift_each_distance_is_what_it_is_known_to_be():
    found = named(measure_points(Y[:40] + 2 * np.eye(3)[2], Y[:40]))
    assert found["exact W1"].whole == pytest.approx(2)
    # The mean of |cos| on the sphere is a half, and so is a shift's share along a direction.
    assert found["sliced W1"].whole == pytest.approx(1, abs=4 * found["sliced W1"].certificate)
    assert 1.8 < found["Sinkhorn divergence"].whole < 2  # entropy takes a part of it


def test_the_sinkhorn_divergence_is_that_of_the_loss_of_this_name():
    """Another implementation, in torch and without a threshold."""
    epsilon = ENTROPY * pdist(Y).mean()
    loss = Sinkhorn(epsilon=epsilon, rounds=3000)
    expected = loss.between(*(torch.tensor(points)[None] for points in (X, Y))).item()
    assert named(measure_points(X, Y))["Sinkhorn divergence"].whole == pytest.approx(
        expected, rel=1e-4
    )


def test_of_one_sample_with_itself_nothing_is_left():
    for distance in measure_points(Y, Y).distances:
        assert distance.whole == pytest.approx(0, abs=1e-9)


def test_two_samples_of_one_law_lie_at_the_floor_and_others_above_it():
    rng = np.random.default_rng(1)
    same, other = rng.normal(size=(400, 2)), rng.normal(size=(200, 2)) + 1
    alike = named(measure_points(rng.normal(size=(200, 2)), same))
    apart = named(measure_points(other, same))
    for name, distance in alike.items():
        assert distance.low <= 1.3 * distance.floor
        assert apart[name].low > apart[name].floor + 4 * apart[name].floor_sd
        assert apart[name].floor == pytest.approx(distance.floor, rel=0.3)


def test_the_same_numbers_come_from_the_same_seed_and_what_is_drawn_is_said():
    found = measure_points(X, Y, seed=3)
    assert found == measure_points(X, Y, seed=3)
    assert (found.n, found.m, found.dim, found.drawn, found.draws) == (60, 80, 3, 40, 10)
    assert thinned(Y, 10, 0).shape == (10, 3)
    assert thinned(Y, 100, 0) is Y


def test_what_would_not_fit_into_memory_says_how_many_would():
    with pytest.raises(UserError, match=r"the limit is .* GiB: use at most 4 samples a side"):
        measure_points(X, Y, memory_limit=41 * 20)


def test_too_few_samples_and_other_dimensions_are_refused():
    with pytest.raises(UserError, match="at least 2 and 4 are needed"):
        measure_points(X, Y[:3])
    with pytest.raises(UserError, match="must be samples of the same space"):
        measure_points(X[:, :2], Y)


# --- files


WRITTEN = {
    "points.npy": lambda path: np.save(path, X),
    "points.npz": lambda path: np.savez(path, anything=X),
    "points.csv": lambda path: pd.DataFrame(X).to_csv(path, index=False, header=False),
    "named.csv": lambda path: pd.DataFrame(X, columns=["x", "y", "z"]).to_csv(path, index=False),
    "points.parquet": lambda path: pd.DataFrame(X, columns=list("xyz")).to_parquet(path),
}


@pytest.mark.parametrize("name", WRITTEN)
def test_each_kind_of_file_holds_the_same_points(tmp_path, name):
    WRITTEN[name](tmp_path / name)
    np.testing.assert_allclose(read_points(tmp_path / name), X, rtol=1e-15)


def test_images_are_flattened_and_whole_numbers_are_points(tmp_path):
    np.save(tmp_path / "i.npy", np.arange(24, dtype=np.uint8).reshape(2, 3, 2, 2))
    assert read_points(tmp_path / "i.npy").tolist() == np.arange(24.0).reshape(2, 12).tolist()


MISTAKES = {
    "no such file": ("a.npy", None, "a.npy: is missing; name a file of points"),
    "another suffix": ("a.txt", b"1 2", "its name ends in none of .npy, .npz, .csv, .parquet"),
    "no npy": ("a.npy", b"1,2\n", "is no .npy file of points"),
    "no npz": ("a.npz", b"PK", "is no .npz file of points"),
    "no parquet": ("a.parquet", b"PAR1", "is no .parquet file of points"),
    "words": ("a.csv", b"1,2\n3,four\n", "holds string, not numbers"),
    "a hole": ("a.csv", b"1,2\n3,\n", "1 of 2 rows hold NaN or infinity, the first is row 1"),
    "nothing": ("a.csv", b"x,y\n", "holds no points"),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_file_that_is_none_of_points_is_one_line_that_takes_nothing_away(
    tmp_path, wganbench, mistake
):
    name, content, told = MISTAKES[mistake]
    if content is not None:
        (tmp_path / name).write_bytes(content)
    np.save(tmp_path / "y.npy", Y)
    code, out, err = wganbench("measure", "points", str(tmp_path / name), str(tmp_path / "y.npy"))
    assert (code, out) == (2, "")
    assert told in err
    assert len(err.splitlines()) == 1
    assert "delete" not in err
    assert "remove" not in err


def test_several_arrays_in_a_file_are_named(tmp_path):
    np.savez(tmp_path / "two.npz", a=X, b=Y)
    with pytest.raises(UserError, match=r"holds 2 arrays \(a, b\); save the one that is meant"):
        read_points(tmp_path / "two.npz")


def test_pickles_are_not_read(tmp_path):
    np.save(tmp_path / "p.npy", np.array([{}], dtype=object), allow_pickle=True)
    with pytest.raises(UserError, match=r"is no \.npy file of points"):
        read_points(tmp_path / "p.npy")


# --- the command


@pytest.fixture
def files(tmp_path) -> tuple[str, str]:
    np.save(tmp_path / "x.npy", X)
    np.save(tmp_path / "<b>y.npy", Y)
    return str(tmp_path / "x.npy"), str(tmp_path / "<b>y.npy")


def test_the_table_and_the_json_say_what_the_function_does(files, wganbench):
    code, out, _ = wganbench("measure", "points", *files)
    assert code == 0
    found = measure_points(X, Y, names=files)
    assert f"{found.distances[0].whole:.4g}" in out
    code, out, _ = wganbench("measure", "points", *files, "--json")
    content = json.loads(out)
    assert content["distances"][0]["whole"] == found.distances[0].whole
    assert content["critics"] == []


def test_critics_stand_beside_exact_w1_of_the_same_points(files, wganbench):
    command = ("measure", "points", *files, "--critic", "wgan-gp", "--iterations", "40", "--json")
    code, out, _ = wganbench(*command)
    assert code == 0
    (critic,) = json.loads(out)["critics"]
    assert critic["method"] == "wgan-gp"
    assert (critic["seeds"], critic["iterations"]) == (2, 40)
    assert 0 < critic["w1"] < 5
    assert wganbench("measure", "points", *files, "--critic", "gan")[0] == 2


def test_the_page_loads_nothing_and_shows_names_as_text(files, tmp_path, wganbench):
    page = tmp_path / "page.html"
    assert wganbench("measure", "points", *files, "--html", str(page))[0] == 0
    text = page.read_text()
    assert "&lt;b&gt;y.npy" in text
    assert "<b>" not in text
    assert "http" not in text
    assert text.count("<tr>") == 4
    assert Path(files[0]).exists()
