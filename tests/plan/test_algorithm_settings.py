"""Which settings an algorithm takes, and what becomes of those that it does not."""

import pytest
import yaml
from configurations import TOY, configuration
from experiment_files import example, mistake_in, planned
from pydantic import ValidationError
from toy_algorithms import FitMean
from training_cases import without_critic

from wganbench.plan.configuration import Configuration
from wganbench.plan.keys import algorithms, known_keys, taken_by
from wganbench.plan.presets import PRESETS
from wganbench.plan.run_files import read_run, run_as_yaml
from wganbench.plan.yaml_files import as_yaml

PAIR = {"data.name": "two-gaussians", "algorithm": "critic-only"}
OF_GENERATORS = ("generator", "generator_optimizer", "warm_up_n_critic", "warm_up_first")


def pair(**changes):
    """Return an experiment on a pair, with settings of a generator in preset, base and scale."""
    content = example(base=PAIR, grid=[{"method": ["wgan-code", "wgan-gp"]}])
    del content["base"]["generator.name"]
    return content | changes


def both(**changes):
    """Return an experiment on laws and on pairs, whose base speaks for both."""
    grid = [{"method": "wgan"}, {"method": "wgan"} | PAIR]
    content = example(base={"generator.width": 8, "warm_up_n_critic": 9}, grid=grid)
    return content | changes


def test_settings_of_presets_that_an_algorithm_does_not_take_are_dropped(tmp_path):
    assert PRESETS["wgan-code"]["warm_up_n_critic"] == 100
    for run in planned(tmp_path, pair()):
        resolved = run.configuration.resolved()
        assert not set(OF_GENERATORS) & resolved.keys()
        assert set(resolved) <= taken_by("critic-only")
        assert (
            resolved["critic_optimizer"]["lr"] == PRESETS[run.configuration.method]["optimizer.lr"]
        )


def test_settings_of_the_base_count_where_the_algorithm_takes_them(tmp_path):
    law, of_pair = (run.configuration for run in planned(tmp_path, both()))
    assert (law.get("generator.width"), law.get("warm_up_n_critic")) == (8, 9)
    assert of_pair.generator is None
    assert of_pair.get("warm_up_n_critic") is None
    assert of_pair.get("critic.name") == "mlp"


def test_settings_of_a_scale_and_of_overrides_do_too(tmp_path):
    more = {"generator.depth": 2, "n_critic": 7}
    overrides = [{"when": {"method": "wgan"}, "set": {"generator.norm": "batch"}}]
    scales = {"smoke": {"seeds": 1, "set": more}}
    law, of_pair = (
        run.configuration
        for run in planned(tmp_path, both(scales=scales, overrides=overrides))
    )  # fmt: skip
    assert (law.generator.depth, law.generator.norm, law.get("n_critic")) == (2, "batch", 7)
    assert (of_pair.generator, of_pair.get("n_critic")) == (None, 7)


@pytest.mark.parametrize(
    ("key", "value"),
    [("generator.width", 8), ("warm_up_n_critic", 3), ("generator_optimizer.lr", 0.1),
     ("generator.name", "mlp")],
)  # fmt: skip
def test_a_setting_that_the_grid_names_and_the_algorithm_does_not_take_is_refused(
    tmp_path, key, value
):
    content = pair(grid=[{"method": "wgan", "n_critic": 3, key: value}])
    message = mistake_in(planned, tmp_path, content)
    assert message == (
        f"{tmp_path}/example.yaml: grid.0: {key}: algorithm 'critic-only' has no such setting"
    )


def test_the_key_of_both_optimisers_is_taken_where_there_is_one_of_them(tmp_path):
    (run,) = planned(tmp_path, pair(grid=[{"method": "wgan", "optimizer.lr": 0.25}]))
    assert run.configuration.get("critic_optimizer.lr") == 0.25
    assert run.name.startswith("wgan-lr0.25-")


@pytest.mark.parametrize("key", ["generator.width", "warm_up_n_critic", "generator_optimizer.lr"])
def test_a_setting_of_the_base_that_no_configuration_takes_is_refused(tmp_path, key):
    content = pair()
    content["base"][key] = 5
    message = mistake_in(planned, tmp_path, content)
    assert message == (
        f"{tmp_path}/example.yaml: base: {key}: no configuration of the grid takes it"
    )


def test_an_unknown_algorithm_is_named_with_those_there_are(tmp_path):
    message = mistake_in(planned, tmp_path, example(base={"algorithm": "critc-only"}))
    assert message == (
        f"{tmp_path}/example.yaml: base: algorithm: 'critc-only' is unknown; "
        "did you mean 'critic-only'?"
    )


def test_a_value_out_of_range_is_told_with_the_key_as_it_was_written(tmp_path):
    for key, value in (("warm_up_first", -1), ("critic.width", 0), ("n_critic", 0)):
        message = mistake_in(planned, tmp_path, example(base={key: value}))
        assert message.startswith(f"{tmp_path}/example.yaml: base: {key}: ")


# What experiment files of before algorithms had names write for a critic trained alone.
FIXED = {"data.name": "two-gaussians", "generator.name": "fixed"}


def fixed(content):
    """Return an experiment as it was written before, with the same meaning."""
    text = yaml.safe_dump(content, sort_keys=False)
    return yaml.safe_load(text.replace("algorithm: critic-only", "generator.name: fixed"))


WRITTEN = {
    "base": pair(),
    "grid": both(),
    "a condition of an override": both(
        overrides=[{"when": {"algorithm": "critic-only"}, "set": {"n_critic": 9}}]
    ),
    "a condition of an axis": both(grid=[
        {"method": "wgan", "critic.depth": {"values": [1, 2], "when": {"algorithm": "critic-only"}}}
        | PAIR,
        {"method": "wgan"},
    ]),
    "what a scale keeps": both(
        scales={"smoke": {"seeds": 2, "only": {"algorithm": "critic-only"}}}
    ),
    "what a scale leaves out": both(
        scales={"smoke": {"seeds": 2, "without": [{"algorithm": "critic-only"}]}}
    ),
}  # fmt: skip


@pytest.mark.parametrize("where", WRITTEN)
def test_a_fixed_generator_is_read_as_a_critic_trained_alone(tmp_path, where):
    now, before = WRITTEN[where], fixed(WRITTEN[where])
    assert before != now
    ours = planned(tmp_path, now)
    assert [(r.id, r.point) for r in planned(tmp_path, before)] == [(r.id, r.point) for r in ours]


@pytest.mark.parametrize("wanted", [["mlp", "fixed"], ["fixed"]])
def test_a_fixed_generator_in_a_list_of_wishes_is_understood_too(tmp_path, wanted):
    scales = {"smoke": {"seeds": 2, "only": {"generator.name": wanted}}}
    kept = planned(tmp_path, both(scales=scales))
    expected = {"adversarial", "critic-only"} if "mlp" in wanted else {"critic-only"}
    assert {run.configuration.algorithm.name for run in kept} == expected


def test_a_runs_file_of_before_is_read_as_the_same_run(tmp_path):
    run = planned(tmp_path, pair())[-1]
    content = yaml.safe_load(run_as_yaml(run))
    settings = content["configuration"]
    del settings["algorithm"]
    settings |= {
        "generator": {"name": "fixed"},
        "generator_optimizer": dict(settings["critic_optimizer"]),
        "warm_up_n_critic": 0, "warm_up_first": 25, "warm_up_every": 500,
    }  # fmt: skip
    path = tmp_path / "run.yaml"
    path.write_text(as_yaml(content))
    assert read_run(path).digest == run.digest
    assert read_run(path).configuration == run.configuration


class Waiting(Configuration):
    algorithm: FitMean


def test_patience_is_refused_where_no_critic_is_waited_for():
    config = without_critic(configuration("wgan"))
    assert Waiting.from_flat(config.resolved()).resolved() == config.resolved()
    with pytest.raises(ValidationError) as raised:
        Waiting.from_flat(config.resolved() | {"patience": 3})
    assert "patience: waits for a critic's estimate, and algorithm 'fit-mean' has no critic" in str(
        raised.value
    )
    assert configuration("wgan", TOY, patience=3).patience == 3


def test_the_usual_algorithm_is_a_setting_like_one_that_is_written(tmp_path):
    overrides = [{"when": {"algorithm": "adversarial"}, "set": {"n_critic": 9}}]
    runs = planned(tmp_path, both(overrides=overrides))
    assert [run.configuration.get("n_critic") for run in runs] == [9, 5]
    for name, data in (("adversarial", "8gaussians"), ("critic-only", "two-gaussians")):
        scales = {"smoke": {"seeds": 2, "only": {"algorithm": name}}}
        kept = planned(tmp_path, both(scales=scales))
        assert [run.configuration.data.name for run in kept] == [data]


def test_every_algorithms_settings_are_known_keys_and_no_two_mean_different_things():
    for name, algorithm in algorithms().items():
        own = algorithm.model_fields.keys() - {"name"}
        assert own <= taken_by(name)
        plain = {key for key in own if f"{key}.name" not in known_keys()}
        assert plain <= known_keys()
        assert not own & {"method", "data", "iterations", "batch_size", "samples", "precision"}
