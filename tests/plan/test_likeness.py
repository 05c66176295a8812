"""A scale may be like another: what it does not say itself it takes over from there."""

import pytest
from experiment_files import example, mistake_in, planned, write

from wganbench.plan.runs import plan

LAPTOP = {
    "seeds": 2,
    "set": {"batch_size": 32, "iterations": 50},
    "only": {"method": ["gan", "wgan"]},
    "overrides": [{"when": {"method": "gan"}, "set": {"iterations": 70}}],
}


def at_desk(folder, **desk):
    content = example(scales={"laptop": LAPTOP, "desk": {"like": "laptop", "seeds": 3} | desk})
    return {run.configuration.method: run for run in planned(folder, content, "desk")}


def test_settings_overrides_and_the_part_of_the_grid_are_taken_over(tmp_path):
    runs = at_desk(tmp_path)
    assert runs.keys() == {"gan", "wgan"}
    assert [runs[name].configuration.iterations for name in ("gan", "wgan")] == [70, 50]
    assert {run.configuration.batch_size for run in runs.values()} == {32}
    assert {run.seeds for run in runs.values()} == {(0, 1, 2)}


def test_its_own_settings_come_over_those_and_its_own_overrides_over_all(tmp_path):
    runs = at_desk(
        tmp_path,
        set={"iterations": 200},
        overrides=[{"when": {"method": "gan"}, "set": {"batch_size": 8}}],
    )
    assert [runs[name].configuration.iterations for name in ("gan", "wgan")] == [70, 200]
    assert [runs[name].configuration.batch_size for name in ("gan", "wgan")] == [8, 32]


def test_its_own_part_of_the_grid_replaces_the_others(tmp_path):
    assert at_desk(tmp_path, only={"method": "wgan-gp"}).keys() == {"wgan-gp"}
    assert at_desk(tmp_path, only={}).keys() == {"gan", "wgan", "wgan-gp"}


def test_a_configuration_that_is_the_same_has_the_same_id(tmp_path):
    same = at_desk(tmp_path)["wgan"].configuration
    (laptop,) = [
        run for run in plan("laptop", ["example"], tmp_path)["example"] if run.point == {
            "method": "wgan"
        }
    ]  # fmt: skip
    assert same == laptop.configuration


@pytest.mark.parametrize(
    ("scales", "told"),
    [
        ({"desk": {"like": "laptop", "seeds": 1}}, "desk.like: laptop is no scale of its own"),
        (
            {"laptop": LAPTOP | {"like": "desk"}, "desk": {"like": "laptop", "seeds": 1}},
            "laptop.like: desk is no scale of its own",
        ),
        ({"desk": {"like": "dusk", "seeds": 1}}, "desk.like: dusk is no scale of its own"),
    ],
)
def test_a_scale_that_is_like_none_is_refused(tmp_path, scales, told):
    write(tmp_path, example(scales=scales))
    assert told in mistake_in(plan, "desk", ["example"], tmp_path)
