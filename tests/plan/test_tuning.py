"""Settings that are tried: equally many of each configuration, of which one is trained on."""

from collections import Counter
from math import prod

import pytest
from experiment_files import EXAMPLE, example, mistake_in, planned
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from wganbench.plan.choices import needed, undecided
from wganbench.plan.overview import print_overview
from wganbench.plan.runs import Run, find_data_set, find_run
from wganbench.records.choices import Choice, Choices

RATES = {"optimizer.lr": [2e-4, 1e-3, 5e-3]}
CLIPPING = {"when": {"method": "wgan"}, "axes": {"optimizer.lr": [5e-5, 5e-4, 2e-3]}}
VARIANTS = [{"method": "wgan", "variant": ["usual", "high-lr"]}]


def tuned(*items, seeds=2, without=(), of=3, **changes):
    """Return an experiment whose scale tries these; an item is a dictionary of axes or more."""
    tried = [item if "axes" in item else {"axes": item} for item in items]
    more = {"without": list(without)} if without else {}
    scale = {"seeds": of, "tuned": {"seeds": seeds, "settings": tried} | more}
    return example(scales={"smoke": scale}, **changes)


def candidates(tmp_path, content) -> list[Run]:
    return [run for run in planned(tmp_path, content) if run.candidate]


def settings_of(runs):
    return [(run.configuration.method, run.point.get("optimizer.lr")) for run in runs]


def test_each_configuration_has_a_candidate_for_each_setting_in_the_files_order(tmp_path):
    runs = candidates(tmp_path, tuned(RATES, CLIPPING))
    assert settings_of(runs) == [
        *(("gan", lr) for lr in RATES["optimizer.lr"]),
        *(("wgan", lr) for lr in CLIPPING["axes"]["optimizer.lr"]),
        *(("wgan-gp", lr) for lr in RATES["optimizer.lr"]),
    ]
    for run in runs:
        assert run.configuration.get("critic_optimizer.lr") == run.point["optimizer.lr"]
        assert run.configuration.get("generator_optimizer.lr") == run.point["optimizer.lr"]


def test_a_run_knows_what_is_tuned_and_what_it_is_compared_as(tmp_path):
    for run in planned(tmp_path, tuned(RATES, of=[7, 3, 5])):
        assert run.tuned == ("optimizer.lr",)
        assert run.compared_as == {"method": run.configuration.method}


def test_a_candidate_has_the_tuning_seeds_and_is_followed_by_the_same_setting_with_the_others(
    tmp_path,
):
    runs = planned(tmp_path, tuned(RATES, of=[7, 3, 5]))
    for one, other in zip(runs[::2], runs[1::2], strict=True):
        assert (one.candidate, one.seeds) == (True, (7, 3))
        assert (other.candidate, other.seeds) == (False, (5,))
        assert one.configuration == other.configuration
        assert one.point == other.point


def test_the_tuned_value_is_part_of_a_runs_name(tmp_path):
    names = [run.name for run in planned(tmp_path, tuned(RATES))]
    assert names[2].startswith("gan-lr0.001-")
    assert len(set(names)) == 18


def test_a_tuned_run_is_the_run_that_the_same_setting_is_without_tuning(tmp_path):
    plain = planned(
        tmp_path, example(base={"optimizer.lr": 1e-3}, scales={"smoke": {"seeds": [2]}})
    )
    found = {run.digest for run in planned(tmp_path, tuned(RATES))}
    assert {run.digest for run in plain} <= found


def choice(runs, lr, methods=("gan", "wgan", "wgan-gp")):
    """Return what is chosen where candidates at a rate are the best of some methods."""
    groups = [[r for r in runs if r.candidate and r.configuration.method == m] for m in methods]
    return Choices(
        choices=[
            Choice(
                candidates={run.id: float(run.point["optimizer.lr"] != lr) for run in group},
                chosen=next(run.id for run in group if run.point["optimizer.lr"] == lr),
            )
            for group in groups
        ]
    )


def test_before_anything_is_chosen_candidates_and_what_is_not_tuned_are_needed(tmp_path):
    runs = planned(tmp_path, tuned(CLIPPING))
    known = needed(runs, Choices(choices=[]))
    assert known == [run for run in runs if run.candidate or not run.tuned]
    (waiting,) = undecided(runs, Choices(choices=[]))
    assert (waiting.configuration.method, waiting.seeds) == ("wgan", (2,))


def test_of_the_chosen_setting_the_run_with_the_other_seeds_is_needed_too(tmp_path):
    runs = planned(tmp_path, tuned(RATES))
    chosen = choice(runs, 1e-3, ["gan", "wgan-gp"])
    more = [run for run in needed(runs, chosen) if not run.candidate]
    assert settings_of(more) == [("gan", 1e-3), ("wgan-gp", 1e-3)]
    assert [run.configuration.method for run in undecided(runs, chosen)] == ["wgan"]


def test_a_choice_among_other_candidates_is_none(tmp_path):
    before = planned(tmp_path, tuned({"optimizer.lr": [2e-4, 1e-3]}))
    runs = planned(tmp_path, tuned(RATES))
    assert len(undecided(runs, choice(before, 1e-3))) == 3
    assert all(run.candidate for run in needed(runs, choice(before, 1e-3)))


def test_nothing_is_tuned_where_a_scale_does_not_say_so(tmp_path):
    for run in planned(tmp_path, EXAMPLE):
        assert (run.tuned, run.candidate) == ((), False)
        assert run.compared_as == run.point


def test_a_configuration_for_which_no_item_holds_is_not_tuned(tmp_path):
    runs = planned(tmp_path, tuned(CLIPPING))
    assert Counter(run.configuration.method for run in runs) == {"gan": 1, "wgan": 6, "wgan-gp": 1}
    assert {run.configuration.method for run in runs if run.tuned} == {"wgan"}
    assert {run.seeds for run in runs if not run.tuned} == {(0, 1, 2)}


def test_a_configuration_whose_very_point_is_a_rate_can_be_left_untuned(tmp_path):
    overrides = [{"when": {"variant": "high-lr"}, "set": {"optimizer.lr": 0.1}}]
    content = tuned(RATES, without=[{"variant": "high-lr"}], grid=VARIANTS, overrides=overrides)
    *usual, high = planned(tmp_path, content)
    assert [run.point["optimizer.lr"] for run in usual if run.candidate] == RATES["optimizer.lr"]
    assert (high.tuned, high.configuration.get("critic_optimizer.lr")) == ((), 0.1)


def test_conditions_are_asked_of_the_settings_that_overrides_leave(tmp_path):
    overrides = [{"when": {"method": "wgan"}, "set": {"optimizer.name": "sgd", "optimizer.lr": 1}}]
    item = {"when": {"optimizer.name": "sgd"}, "axes": RATES}
    runs = planned(tmp_path, tuned(item, overrides=overrides))
    assert {run.configuration.method for run in runs if run.tuned} == {"wgan"}
    assert {r.configuration.algorithm.critic_optimizer.name for r in runs if r.tuned} == {"sgd"}


def test_a_tuned_value_wins_over_every_override(tmp_path):
    overrides = [{"when": {"method": "gan"}, "set": {"optimizer.lr": 0.5}}]
    runs = planned(tmp_path, tuned(RATES, overrides=overrides))
    assert all(run.configuration.get("critic_optimizer.lr") < 0.5 for run in runs)


KEYS = {
    "optimizer.lr": [1e-4, 1e-3, 1e-2],
    "n_critic": [1, 2, 3],
    "critic.width": [8, 16, 32],
    "generator.depth": [1, 2, 3],
}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30)
@given(sizes=st.dictionaries(st.sampled_from(sorted(KEYS)), st.integers(2, 3), min_size=1))
def test_several_axes_are_tried_in_all_combinations(tmp_path, sizes):
    axes = {key: KEYS[key][:size] for key, size in sizes.items()}
    runs = candidates(tmp_path, tuned(axes))
    count = prod(sizes.values())
    assert Counter(run.configuration.method for run in runs) == dict.fromkeys(
        ("gan", "wgan", "wgan-gp"), count
    )
    assert len({run.id for run in runs}) == 3 * count
    assert all(run.tuned == tuple(axes) for run in runs)


def test_tuned_runs_and_their_data_are_found_by_id(tmp_path):
    runs = planned(tmp_path, tuned(RATES, CLIPPING))
    assert [find_run(run.id, "smoke", tmp_path) for run in runs] == runs
    assert find_data_set("8gaussians", "smoke", tmp_path).name == "8gaussians"


MANY = {"optimizer.lr": [n * 1e-6 for n in range(1, 4_000)]}
MISTAKES = [
    (tuned({"optimizer.lrr": [1, 2]}), "axes: optimizer.lrr: unknown key; did you mean"),
    (tuned({"when": {"mehtod": "gan"}, "axes": RATES}), "settings.0.when: mehtod: unknown key"),
    (tuned({"wen": {}, "axes": RATES}), "settings.0.wen: unknown key; did you mean 'when'?"),
    (tuned(RATES, without=[{"mehtod": "gan"}]), "without.0: mehtod: unknown key"),
    (tuned({"method": ["gan", "wgan"]}), "method: says what is compared"),
    (tuned({"data.name": ["8gaussians", "swissroll"]}), "data.name: says what is compared"),
    (tuned({"optimizer.name": ["adam", "sgd"]}), "optimizer.name: says what is compared"),
    (tuned({"iterations": [10, 20]}), "iterations: says what is compared or at what budget"),
    (tuned({"optimizer.lr": [1e-3]}), "settings.0.axes.optimizer.lr: "),
    (tuned({"optimizer.lr": 1e-3}), "settings.0.axes.optimizer.lr: "),
    (tuned({"axes": {}}), "settings.0.axes: "),
    (tuned(), "tuned.settings: "),
    (tuned({"optimizer.lr": [1e-3, -1]}), "tuned: optimizer.lr: "),
    (tuned({"optimizer.lr": [1, 1.0]}), "are the same configuration"),
    (tuned({"optimizer.beta1": [0.0, 0.5]}), "tuned: optimizer.beta1: unknown key"),
    (tuned({"n_critic": [1, 2]}, grid=[{"method": "wgan", "n_critic": [3, 4]}]),
     "tuned: n_critic: is set by the grid at {'method': 'wgan', 'n_critic': 3}"),
    (tuned({"optimizer.lr": [1, 2]}, grid=[{"method": "wgan", "critic_optimizer.lr": 3}]),
     "tuned: critic_optimizer.lr: is set by the grid"),
    (tuned(RATES, seeds=3), "tuned.seeds: 3 of 3 seeds would choose"),
    (tuned(RATES, seeds=0), "tuned.seeds: "),
    (tuned(RATES, seeds=True), "tuned.seeds: "),
    (tuned({"when": {"method": "wgann"}, "axes": RATES}), "settings.0.when: holds nowhere"),
    (tuned(RATES, without=[{"method": "wgann"}]), "without.0: holds nowhere on the grid"),
    (tuned(RATES, without=[{}]), "tuned.without.0: "),
    (tuned(RATES, {"when": {"method": "wgan"}, "axes": {"optimizer.lr": [1, 2]}}),
     "tuned: 3 settings of {'method': 'gan'} and 2 of {'method': 'wgan'}: what is compared gets"),
    (tuned(MANY), "scales.smoke.tuned: more than 10,000 points"),
]  # fmt: skip


@pytest.mark.parametrize(("content", "expected"), MISTAKES, ids=[e for _, e in MISTAKES])
def test_a_mistake_in_what_is_tuned_is_one_line_with_file_and_key(tmp_path, content, expected):
    message = mistake_in(planned, tmp_path, content)
    assert message.startswith(f"{tmp_path}/example.yaml: scales.smoke")
    assert expected in message


def test_a_plan_says_what_is_tuned_and_how_many_runs_follow_when_settings_are_chosen(
    tmp_path, capsys
):
    runs = planned(tmp_path, tuned(CLIPPING))
    for choices, more in ((Choices(choices=[]), "; 1 run follows when they are"),
                          (choice(runs, 5e-4, ["wgan"]), "")):  # fmt: skip
        shown, waiting = needed(runs, choices), {"example": undecided(runs, choices)}
        print_overview({"example": shown}, "smoke", waiting)
        line = capsys.readouterr().out.splitlines()[-1]
        assert line == (
            f"example: tuned: optimizer.lr, 3 settings each, chosen on seeds 0, 1{more}; "
            "2 of 3 configurations not tuned"
        )
    print_overview({"example": planned(tmp_path, EXAMPLE)}, "smoke")
    assert "tuned" not in capsys.readouterr().out
