"""What a grid expands to: axes, conditions, layers."""

from itertools import product

import pytest
from experiment_files import example, mistake_in, planned, write
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from wganbench.plan.runs import plan

AXES = {
    "method": ["gan", "wgan", "wgan-gp"],
    "n_critic": [1, 2, 3],
    "generator.width": [8, 16],
    "data.name": ["8gaussians", "25gaussians", "swissroll"],
    "optimizer.lr": [1e-3, 1e-4],
}


def points(runs):
    return [run.point for run in runs]


def configurations(runs):
    return {run.configuration.method: run.configuration for run in runs}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30)
@given(block=st.dictionaries(st.sampled_from(sorted(AXES)), st.none(), min_size=1), data=st.data())
def test_a_block_is_the_product_of_its_axes(tmp_path, block, data):
    block = {
        key: data.draw(st.lists(st.sampled_from(AXES[key]), min_size=1, unique=True))
        for key in block
    }
    base = {} if "method" in block else {"method": "wgan"}
    expected = [dict(zip(block, values, strict=True)) for values in product(*block.values())]
    assert points(planned(tmp_path, example(grid=[block], base=base))) == expected


def test_blocks_follow_one_another_and_a_single_value_is_an_axis_of_one(tmp_path):
    grid = [{"method": "wgan", "n_critic": [1, 2]}, {"method": ["gan"], "n_critic": 3}]
    assert points(planned(tmp_path, example(grid=grid))) == [
        {"method": "wgan", "n_critic": 1},
        {"method": "wgan", "n_critic": 2},
        {"method": "gan", "n_critic": 3},
    ]


CLIP_AXIS = {"constraint.clip_value": {"values": [0.1, 1], "when": {"constraint.name": "clip"}}}
CLIPPED = [
    {"method": "gan"},
    {"method": "wgan", "constraint.clip_value": 0.1},
    {"method": "wgan", "constraint.clip_value": 1},
]


def test_a_conditional_axis_exists_only_where_its_condition_holds(tmp_path):
    assert points(planned(tmp_path, example(grid=[{"method": ["gan", "wgan"]} | CLIP_AXIS]))) == (
        CLIPPED
    )


def test_a_condition_may_ask_an_axis_that_is_written_below_it(tmp_path):
    grid = [CLIP_AXIS | {"method": ["gan", "wgan"]}]
    assert points(planned(tmp_path, example(grid=grid))) == CLIPPED


def test_a_condition_with_a_list_holds_for_each_of_its_values(tmp_path):
    axis = {"values": [1, 2], "when": {"method": ["gan", "wgan-gp"]}}
    grid = [{"method": ["gan", "wgan", "wgan-gp"], "n_critic": axis}]
    found = points(planned(tmp_path, example(grid=grid)))
    assert [(point["method"], point.get("n_critic")) for point in found] == [
        ("gan", 1), ("gan", 2), ("wgan", None), ("wgan-gp", 1), ("wgan-gp", 2),
    ]  # fmt: skip


def test_every_key_of_a_condition_must_hold(tmp_path):
    when = {"method": ["wgan", "wgan-gp"], "constraint.name": "clip"}
    overrides = [{"when": when, "set": {"n_critic": 7}}]
    found = configurations(planned(tmp_path, example(overrides=overrides)))
    assert {name: c.algorithm.n_critic for name, c in found.items()} == {
        "gan": 1,
        "wgan": 7,
        "wgan-gp": 5,
    }


def test_only_keeps_matching_settings_and_configurations_without_them(tmp_path):
    grid = [{"method": ["gan", "wgan"]} | CLIP_AXIS]
    scales = {"smoke": {"seeds": 1, "only": {"constraint.clip_value": [1, 5]}}}
    kept = points(planned(tmp_path, example(grid=grid, scales=scales)))
    assert kept == [CLIPPED[0], CLIPPED[2]]


def test_only_understands_the_key_of_both_optimisers(tmp_path):
    scales = {"smoke": {"seeds": 1, "only": {"optimizer.name": "adam"}}}
    assert configurations(planned(tmp_path, example(scales=scales))).keys() == {"gan", "wgan-gp"}


def test_parts_of_the_grid_are_left_out_where_all_of_their_settings_hold(tmp_path):
    grid = [{"method": ["gan", "wgan"]} | CLIP_AXIS]
    without = [{"method": "wgan", "constraint.clip_value": 1}, {"method": "gan", "n_critic": 1}]
    scales = {"smoke": {"seeds": 1, "without": without}}
    whole = points(planned(tmp_path, example(grid=grid)))
    kept = points(planned(tmp_path, example(grid=grid, scales=scales)))
    assert kept == [p for p in whole if p["method"] == "wgan" and p["constraint.clip_value"] != 1]


@pytest.mark.parametrize("part", [{"method": "wgann"}, {"constraint.clip_value": 77}])
def test_a_part_that_is_nowhere_on_the_grid_cannot_be_left_out(tmp_path, part):
    scales = {"smoke": {"seeds": 1, "without": [part]}}
    message = mistake_in(planned, tmp_path, example(scales=scales))
    assert "scales.smoke.without.0: holds nowhere on the grid" in message


def test_leaving_everything_out_is_a_mistake(tmp_path):
    scales = {"smoke": {"seeds": 1, "without": [{"method": ["gan", "wgan", "wgan-gp"]}]}}
    message = mistake_in(planned, tmp_path, example(scales=scales))
    assert "the grid is empty" in message


LAYERS = [  # lowest first; n_critic is 5 in the preset of wgan
    ("base", {"base": {"n_critic": 6}}),
    ("scale", {"scales": {"smoke": {"seeds": 1, "set": {"n_critic": 7}}}}),
    ("overrides", {"overrides": [{"when": {"method": "wgan"}, "set": {"n_critic": 8}}]}),
    ("grid", {"grid": [{"method": "wgan", "n_critic": 9}]}),
]


@pytest.mark.parametrize("top", range(len(LAYERS)), ids=[name for name, _ in LAYERS])
def test_a_higher_layer_wins_over_all_that_are_below_it(tmp_path, top):
    content = example(grid=[{"method": "wgan"}])
    for _, layer in LAYERS[: top + 1]:
        content |= {k: content.get(k, {}) | v if k == "base" else v for k, v in layer.items()}
    (run,) = planned(tmp_path, content)
    assert run.configuration.algorithm.n_critic == 6 + top


def test_of_two_overrides_the_later_wins_and_the_scales_come_last(tmp_path):
    def override(n):
        return {"when": {"method": "wgan"}, "set": {"n_critic": n, "batch_size": n}}

    later = {"when": {"method": "wgan"}, "set": {"n_critic": 4}}
    scales = {"smoke": {"seeds": 1, "overrides": [later]}}
    content = example(overrides=[override(2), override(3)], scales=scales)
    wgan = configurations(planned(tmp_path, content))["wgan"]
    assert (wgan.algorithm.n_critic, wgan.batch_size) == (4, 3)


def test_naming_another_plug_in_drops_the_settings_of_its_predecessor(tmp_path):
    settings = {"constraint.name": "none", "optimizer.name": "sgd", "optimizer.lr": 0.5}
    content = example(overrides=[{"when": {"method": ["wgan", "wgan-gp"]}, "set": settings}])
    found = configurations(planned(tmp_path, content))
    for method in ("wgan", "wgan-gp"):
        assert found[method].constraint.model_dump() == {"name": "none"}
        for optimizer in (
            found[method].algorithm.critic_optimizer,
            found[method].algorithm.generator_optimizer,
        ):
            assert optimizer.model_dump() == {"name": "sgd", "lr": 0.5, "momentum": 0.0}


def test_naming_the_same_plug_in_again_keeps_its_settings(tmp_path):
    (run,) = planned(tmp_path, example(grid=[{"method": "wgan-gp", "optimizer.name": "adam"}]))
    assert (
        run.configuration.algorithm.critic_optimizer.beta2 == 0.9
    )  # the preset's, not the plug-in's


@pytest.mark.parametrize("order", [1, -1])
def test_one_optimisers_own_setting_wins_over_that_of_both_in_any_order(tmp_path, order):
    pairs = [("optimizer.lr", 0.5), ("critic_optimizer.lr", 0.25)][::order]
    for run in planned(tmp_path, example(base=dict(pairs))):
        assert run.configuration.algorithm.generator_optimizer.lr == 0.5
        assert run.configuration.algorithm.critic_optimizer.lr == 0.25


def test_a_number_with_an_exponent_is_a_number(tmp_path):
    only = {"seeds": 1, "only": {"optimizer.lr": 0.0002}}
    path = write(tmp_path, example(scales={"smoke": only}))
    path.write_text(path.read_text().replace("0.0002", "2e-4"))
    assert configurations(plan("smoke", None, tmp_path)["example"]).keys() == {"gan"}
