"""A subset of a grid: random, but the same for all methods, and the same for the same seed."""

from itertools import product
from typing import Any

import pytest
from experiment_files import example, mistake_in, planned
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from wganbench.errors import UserError
from wganbench.plan.runs import find_data_set, find_run

METHODS = ["gan", "wgan", "wgan-gp"]
GRID = [
    {
        "method": METHODS,
        "generator.width": [4, 8, 16, 32],
        "critic.width": [4, 8, 16, 32],
        "n_critic": [1, 2, 3],
    }
]
ALL = 4 * 4 * 3
KNOWN = [(4, 4, 2), (4, 16, 1), (8, 4, 1), (8, 16, 2), (32, 32, 1)]  # of 5 points by seed 7
Key = tuple[tuple[str, Any], ...]
SEEDS = st.integers(0, 2**63 - 1)
SEARCH = settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=20, deadline=None
)


def drawn(folder, points: int, seed: int = 0, grid=GRID, **scale: Any) -> dict[str, list[Key]]:
    """Return the rest of the points of each method, in the plan's order."""
    subset = {"points": points, "seed": seed, "same_for": ["method"]}
    scales = {"smoke": {"seeds": 1, "subset": subset} | scale}
    found: dict[str, list[Key]] = {}
    for run in planned(folder, example(grid=grid, scales=scales)):
        rest = {key: value for key, value in run.point.items() if key != "method"}
        found.setdefault(run.point["method"], []).append(tuple(rest.items()))
    return found


@SEARCH
@given(points=st.integers(1, ALL), seed=SEEDS)
def test_each_method_gets_the_same_points_and_as_many_as_are_asked_for(tmp_path, points, seed):
    found = drawn(tmp_path, points, seed)
    assert list(found) == METHODS
    assert found["gan"] == found["wgan"] == found["wgan-gp"]
    assert len(set(found["gan"])) == len(found["gan"]) == points


@SEARCH
@given(few=st.integers(1, ALL), many=st.integers(1, ALL), seed=SEEDS)
def test_a_smaller_subset_is_a_part_of_a_larger_one(tmp_path, few, many, seed):
    few, many = sorted((few, many))
    assert set(drawn(tmp_path, few, seed)["gan"]) <= set(drawn(tmp_path, many, seed)["gan"])


@SEARCH
@given(one=SEEDS, other=SEEDS)
def test_another_seed_draws_other_points(tmp_path, one, other):
    """Two draws of 24 of 48 points agree by chance 1 time in 3e13."""
    same = drawn(tmp_path, ALL // 2, one) == drawn(tmp_path, ALL // 2, other)
    assert same == (one == other)


def test_what_is_drawn_is_what_was_drawn_on_another_machine(tmp_path):
    """Known by heart: a plan must not change with a version of Python."""
    assert [tuple(dict(point).values()) for point in drawn(tmp_path, 5, 7)["gan"]] == KNOWN


def test_each_point_is_drawn_about_as_often_as_any_other(tmp_path):
    """Of 200 draws of 12 of 48 points each is in 50 +- 6.1; all lie within 4 deviations."""
    counts = dict.fromkeys(drawn(tmp_path, ALL)["gan"], 0)
    for seed in range(200):
        for point in drawn(tmp_path, 12, seed)["gan"]:
            counts[point] += 1
    assert all(abs(count - 50) < 4 * 6.1 for count in counts.values())


def test_the_grids_order_is_kept_and_a_subset_of_all_of_it_is_the_grid(tmp_path):
    whole = planned(tmp_path, example(grid=GRID))
    scales = {"smoke": {"seeds": 2, "subset": {"points": 3 * ALL, "seed": 3}}}
    assert planned(tmp_path, example(grid=GRID, scales=scales)) == whole


def test_without_shared_axes_each_point_is_drawn_alone(tmp_path):
    scales = {"smoke": {"seeds": 1, "subset": {"points": 20, "seed": 3}}}
    runs = planned(tmp_path, example(grid=GRID, scales=scales))
    assert len(runs) == 20
    rest = {m: {str(r.point) for r in runs if r.point["method"] == m} for m in METHODS}
    assert len({len(points) for points in rest.values()}) > 1


@pytest.mark.parametrize("order", [1, -1])
def test_methods_in_blocks_of_their_own_share_their_points_too(tmp_path, order):
    axes = {key: values for key, values in GRID[0].items() if key != "method"}
    blocks = [{"method": method} | axes for method in ("gan", "wgan")][::order]
    found = drawn(tmp_path, 5, 7, blocks)
    assert found["gan"] == found["wgan"]
    assert found["gan"] == drawn(tmp_path, 5, 7)["gan"]


PARTS = {
    "of an axis": {"only": {"generator.width": [4, 8]}},
    "of what overrides set": {
        "overrides": [{"when": {"n_critic": 2}, "set": {"batch_size": 7}}],
        "only": {"batch_size": 7},
    },
    "left out": {"without": [{"n_critic": [1, 3]}, {"critic.width": [4, 8]}]},
    "of one method left out": {"without": [{"method": "gan", "generator.width": [4, 8]}]},
}


@pytest.mark.parametrize("scale", PARTS.values(), ids=PARTS)
def test_it_is_drawn_from_the_part_of_the_grid_that_the_scale_keeps(tmp_path, scale):
    whole = planned(tmp_path, example(grid=GRID, scales={"smoke": {"seeds": 1} | scale}))
    kept = {
        m: {tuple(k for k in r.point.items() if k[0] != "method")
            for r in whole if r.point["method"] == m}
        for m in METHODS
    }  # fmt: skip
    found = drawn(tmp_path, 6, 1, **scale)
    assert len(found["wgan"]) == 6
    assert set(found["wgan"]) <= kept["wgan"]
    assert set(found["gan"]) == set(found["wgan"]) & kept["gan"]


def test_a_part_is_drawn_of_a_grid_that_is_too_large_to_be_planned(tmp_path):
    grid = [GRID[0] | {"batch_size": list(range(1, 101))}]
    assert len(drawn(tmp_path, 10, grid=grid)["gan"]) == 10
    assert "more than 10,000 points" in mistake_in(planned, tmp_path, example(grid=grid))
    grid[0]["iterations"] = list(range(1, 9))
    with pytest.raises(UserError, match="more than 100,000 points"):
        drawn(tmp_path, 10, grid=grid)


def test_runs_and_data_sets_are_found_and_those_that_were_not_drawn_are_not(tmp_path):
    subset = {"points": 4, "seed": 0, "same_for": ["method"]}
    grid = [GRID[0] | {"data.name": ["8gaussians", "swissroll"]}]
    content = example(grid=grid)
    whole = planned(tmp_path, content)
    content["scales"]["smoke"]["subset"] = subset
    runs = planned(tmp_path, content)
    assert [find_run(run.id, "smoke", tmp_path) for run in runs] == runs
    absent = next(run for run in whole if run.id not in {run.id for run in runs})
    assert "is not on the grid" in mistake_in(find_run, absent.id, "smoke", tmp_path)
    for data in {run.configuration.data.id for run in runs}:
        assert find_data_set(data, "smoke", tmp_path).id == data


def test_another_scale_takes_it_over(tmp_path):
    subset = {"points": 4, "seed": 0, "same_for": ["method"]}
    scales = {"laptop": {"seeds": 1, "subset": subset}, "desk": {"like": "laptop", "seeds": 3}}
    content = example(grid=GRID, scales=scales)
    points = [[r.point for r in planned(tmp_path, content, scale)] for scale in scales]
    assert points[0] == points[1]
    assert len(points[0]) == 12


MISTAKES = [
    ({"points": 0, "seed": 1}, "scales.smoke.subset.points: Input should be greater than"),
    ({"points": 3}, "scales.smoke.subset.seed: Field required"),
    ({"points": 3, "seed": -1}, "scales.smoke.subset.seed: Input should be greater than"),
    ({"points": 3, "sed": 1}, "scales.smoke.subset.sed: unknown key; did you mean 'seed'?"),
    ({"points": "3", "seed": 1}, "scales.smoke.subset.points: Input should be a valid integer"),
    ({"points": 3, "seed": 1, "same_for": ["mehtod"]},
     "scales.smoke.subset.same_for: mehtod: unknown key; did you mean 'method'?"),
    ({"points": 3, "seed": 1, "same_for": ["method", "method"]},
     "scales.smoke.subset.same_for: a key stands here twice"),
    ({"points": 3, "seed": 1, "same_for": "method"}, "scales.smoke.subset.same_for: "),
    ({"points": 3, "seed": 1, "same_for": ["batch_size"]},
     "scales.smoke.subset.same_for: batch_size: is no axis of the grid"),
    ({"points": 49, "seed": 1, "same_for": ["method"]},
     "scales.smoke.subset.points: asks for 49, and the scale keeps 48"),
]  # fmt: skip


@pytest.mark.parametrize(("subset", "told"), MISTAKES, ids=[told for _, told in MISTAKES])
def test_a_mistake_is_told_with_file_and_key(tmp_path, subset, told):
    content = example(grid=GRID, scales={"smoke": {"seeds": 1, "subset": subset}})
    message = mistake_in(planned, tmp_path, content)
    assert message.startswith(f"{tmp_path / 'example.yaml'}: ")
    assert told in message


def test_a_condition_that_no_drawn_point_meets_holds_on_the_grid_all_the_same(tmp_path):
    for value in product(*(GRID[0][key] for key in ("generator.width", "critic.width"))):
        when = dict(zip(("generator.width", "critic.width"), value, strict=True))
        overrides = [{"when": when, "set": {"batch_size": 7}}]
        subset = {"points": 1, "seed": 1, "same_for": ["method"]}
        scales = {"smoke": {"seeds": 1, "subset": subset}}
        assert planned(tmp_path, example(grid=GRID, overrides=overrides, scales=scales))
    overrides[0]["when"]["critic.width"] = 5
    content = example(grid=GRID, overrides=overrides, scales=scales)
    assert "overrides.0.when: holds nowhere" in mistake_in(planned, tmp_path, content)
