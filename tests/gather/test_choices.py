"""Which setting stands for a configuration, with known answers."""

from itertools import combinations
from math import inf

import numpy as np
import pandas as pd
import pytest
from experiment_files import example, planned
from hypothesis import given
from hypothesis import strategies as st

from wganbench.gather.statistics import expected_best
from wganbench.gather.tuning import (
    UNLABELLED,
    as_tuned,
    candidates,
    choices,
    compared_of,
    expected_bests,
    tried_for,
    tuned_of,
)

SEEDS = (0, 1)
RATES = [1e-4, 1e-3, 1e-2]


def tuned(*methods, kind="law", rates=tuple(RATES), seeds=(0, 1)):
    """Return what `tuned_of` does for methods with a candidate at each rate: METHOD-TURN."""
    return pd.DataFrame(
        [
            {"run": f"e/{method}-{n}", "experiment": "e", "configuration": method, "kind": kind,
             "setting": {"optimizer.lr": rate}, "seeds": seeds, "turn": turn * len(rates) + n,
             "compared": f"e/{method}-{n}-others"}
            for turn, method in enumerate(methods)
            for n, rate in enumerate(rates)
        ]
    )  # fmt: skip


def ends(values, column="w1", **columns):
    """Return evaluations of each run: a value per seed at the end, and a better one before."""
    return pd.DataFrame(
        [
            {"run": run, "seed": seed, "iteration": iteration, column: value - early, "ok": True}
            | columns
            for run, levels in values.items()
            for seed, value in zip(SEEDS, levels, strict=True)
            for iteration, early in ((50, 100.0), (100, 0.0))
        ]
    )


def qualities(found):
    return dict(zip(found["run"], found["quality"], strict=True))


def chosen(found):
    return set(found.loc[found["chosen"], "run"])


WGAN = {"e/wgan-0": [5, 5], "e/wgan-1": [2, 4], "e/wgan-2": [4, 4]}


def test_the_best_mean_at_the_end_over_the_tuning_seeds_is_chosen():
    found = candidates(tuned("wgan"), ends(WGAN))
    assert qualities(found) == {"e/wgan-0": 5, "e/wgan-1": 3, "e/wgan-2": 4}
    assert chosen(found) == {"e/wgan-1"}
    assert compared_of(found) == "e/wgan-1-others"


def test_each_configuration_has_its_own_choice():
    gan = {f"e/gan-{n}": [n, n] for n in range(3)}
    assert chosen(candidates(tuned("gan", "wgan"), ends(WGAN | gan))) == {"e/gan-0", "e/wgan-1"}


def test_a_setting_at_which_a_tuning_replica_diverged_is_infinitely_bad():
    table = ends(WGAN)
    lost = (table["run"] == "e/wgan-1") & (table["seed"] == 0)
    for diverged in (table.assign(ok=~lost), table[~lost], table[~lost].drop(columns="ok")):
        found = candidates(tuned("wgan"), diverged)
        assert qualities(found)["e/wgan-1"] == inf
        assert chosen(found) == {"e/wgan-2"}


def test_of_equal_settings_the_first_in_the_file_is_chosen():
    same = ends({run: [1, 2] for run in WGAN})
    assert chosen(candidates(tuned("wgan").iloc[::-1], same)) == {"e/wgan-0"}


def test_where_every_setting_diverged_the_first_stands_and_nothing_is_known_of_it():
    (row,) = choices(candidates(tuned("wgan"), ends(WGAN).iloc[:0])).to_dict("records")
    assert (row["run"], row["quality"], row["known"]) == ("e/wgan-0", inf, False)


@pytest.mark.parametrize(
    ("best", "at_end"), [(0, True), (1, False), (2, True)], ids=["first", "middle", "last"]
)
def test_a_choice_at_the_end_of_its_range_is_flagged(best, at_end):
    values = {run: [float(n != best)] * 2 for n, run in enumerate(WGAN)}
    (row,) = choices(candidates(tuned("wgan"), ends(values))).to_dict("records")
    assert (row["run"], row["at_end"]) == (f"e/wgan-{best}", at_end)
    assert row["qualities"] == {run: levels[0] for run, levels in values.items()}


def test_the_range_is_that_of_the_values_and_not_their_order_in_the_file():
    values = {run: [float(n != 0)] * 2 for n, run in enumerate(WGAN)}
    table = tuned("wgan", rates=(1e-3, 1e-4, 1e-2))
    assert not choices(candidates(table, ends(values)))["at_end"].any()


def test_values_without_an_order_have_no_end():
    values = {"e/wgan-0": [0] * 2, "e/wgan-1": [1] * 2}
    for rates in (("before", "after"), (True, False)):
        assert not candidates(tuned("wgan", rates=rates), ends(values))["at_end"].any()


def test_quality_is_fid_of_images_or_patches_and_the_estimates_error_of_critics_alone():
    images = candidates(tuned("wgan", kind="images"), ends(WGAN, "fid", w1=0.0))
    assert chosen(images) == {"e/wgan-1"}
    unlabelled = ends(WGAN, "patches", fid=np.nan)
    assert chosen(candidates(tuned("wgan", kind=UNLABELLED), unlabelled)) == {"e/wgan-1"}
    estimates = {"e/wgan-0": [9.0] * 2, "e/wgan-1": [13.0] * 2, "e/wgan-2": [8.0] * 2}
    alone = candidates(tuned("wgan", kind="pair"), ends(estimates, "normalised", w1=10.0))
    assert qualities(alone) == pytest.approx({"e/wgan-0": 0.1, "e/wgan-1": 0.3, "e/wgan-2": 0.2})
    known = ends(estimates, "normalised", w1=10.0, w1_true=13.0)
    assert chosen(candidates(tuned("wgan", kind="pair"), known)) == {"e/wgan-1"}


def test_without_tuning_nothing_is_chosen():
    assert choices(candidates(tuned_of([]), ends(WGAN))).empty


def test_what_a_plan_says_of_its_candidates(tmp_path):
    item = {"axes": {"optimizer.lr": RATES}, "when": {"method": ["gan", "wgan"]}}
    scale = {"seeds": [5, 6, 7], "tuned": {"seeds": 1, "settings": [item]}}
    runs = planned(tmp_path, example(scales={"smoke": scale}))
    table = tuned_of(runs)
    assert table["run"].tolist() == [run.id for run in runs if run.candidate]
    assert table["compared"].tolist() == [r.id for r in runs if r.tuned and not r.candidate]
    alone = tuned_of(run for run in runs if run.candidate)
    assert set(alone["compared"]) == {""}
    assert table.groupby("configuration").size().tolist() == [3, 3]
    assert [setting["optimizer.lr"] for setting in table["setting"]] == RATES * 2
    assert set(table["seeds"]) == {(5,)}
    assert set(table["kind"]) == {"law"}


def test_images_without_labels_are_tuned_by_their_patches(tmp_path):
    base = {"data.name": "image-folder", "data.folder": "photos", "generator.name": "dcgan",
            "critic.name": "dcgan", "samples": 20}  # fmt: skip
    item = {"axes": {"optimizer.lr": RATES}}
    scale = {"seeds": 3, "tuned": {"seeds": 1, "settings": [item]}}
    table = tuned_of(planned(tmp_path, example(base=base, scales={"smoke": scale})))
    assert set(table["kind"]) == {UNLABELLED}


def test_configurations_that_differ_in_what_tuning_chose_alone_are_alike():
    settings = pd.DataFrame(
        {
            "run": ["e/gan-0-others", "e/wgan-2-others", "e/fixed"],
            "critic_optimizer.lr": RATES,
            "n_critic": 5,
        }
    )
    found = candidates(tuned("gan", "wgan"), ends(WGAN | {"e/gan-0": [0] * 2}))
    alike = as_tuned(settings, found)
    assert alike["critic_optimizer.lr"].tolist() == ["tuned", "tuned", 1e-2]
    assert alike["n_critic"].tolist() == [5, 5, 5]
    assert as_tuned(settings, found.iloc[:0]).equals(settings)


LEVELS = st.one_of(st.integers(0, 3).map(float), st.just(inf))


@given(
    levels=st.lists(st.tuples(LEVELS, LEVELS), min_size=6, max_size=6),
    order=st.permutations(range(6)),
    rows=st.permutations(range(24)),
)
def test_no_order_of_rows_changes_the_choice(levels, order, rows):
    table = tuned("gan", "wgan")
    evaluations = ends(dict(zip(table["run"], levels, strict=True)))
    found = candidates(table, evaluations)
    shuffled = candidates(table.iloc[order], evaluations.iloc[rows])
    pd.testing.assert_frame_equal(found, shuffled)
    for _, group in found.groupby("configuration"):
        assert group["chosen"].sum() == 1
        assert group.loc[group["chosen"], "quality"].item() == group["quality"].min()


@given(values=st.lists(st.integers(-5, 20).map(float), min_size=1, max_size=7), data=st.data())
def test_the_expected_best_is_the_mean_over_all_subsets(values, data):
    k = data.draw(st.integers(1, len(values)))
    smallest = [min(subset) for subset in combinations(values, k)]
    assert expected_best(values, k) == pytest.approx(np.mean(smallest))


def test_more_settings_never_make_the_expected_best_worse_and_all_of_them_are_the_best():
    values = [3.0, 1.0, 4.0, 1.5, 9.0]
    curve = [expected_best(values, k) for k in range(1, 6)]
    assert curve == sorted(curve, reverse=True)
    assert (curve[0], curve[-1]) == (pytest.approx(np.mean(values)), 1.0)


def test_a_setting_that_diverged_is_infinite_only_as_long_as_it_may_be_the_best():
    assert expected_best([1.0, inf, 2.0], 1) == inf
    assert expected_best([1.0, inf, 2.0], 2) == pytest.approx(4 / 3)


def test_the_expected_best_is_that_of_each_tuning_seeds_own_qualities():
    (group,) = tried_for(candidates(tuned("wgan"), ends(WGAN)), {"e/wgan-1-others"})
    found = expected_bests(group).set_index(["seed", "k"])
    assert found["quality"].to_dict() == {
        (0, 1): 2, (0, 2): 4, (0, 3): 5, (1, 1): 4, (1, 2): 4, (1, 3): 5,
    }  # fmt: skip
    assert found["run"].loc[0].tolist() == ["e/wgan-1", "e/wgan-2", "e/wgan-0"]
    of_both = (found["expected_best"].loc[seed].tolist() for seed in (0, 1))
    assert [*of_both] == [pytest.approx([11 / 3, 8 / 3, 2]), pytest.approx([13 / 3, 4, 4])]


def test_what_was_tried_is_found_by_its_compared_run_alone():
    found = candidates(tuned("wgan"), ends(WGAN))
    assert tried_for(found, {"e/wgan-1", "e/wgan-0-others"}) == []
    assert tried_for(found.iloc[:0], {"e/wgan-1-others"}) == []


@pytest.mark.parametrize("k", [0, 3, -1])
def test_no_subset_is_empty_or_larger_than_all(k):
    with pytest.raises(ValueError, match=f"k is {k}, of 2 values"):
        expected_best([1.0, 2.0], k)
