"""Runs: their ids and names, and the experiments of this project at every scale."""

import json
import random
import re
import subprocess
import sys

import pytest
from configurations import configuration
from conftest import ROOT
from experiment_files import EXAMPLE, example, planned
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from wganbench.plan.experiment import SCALES
from wganbench.plan.runs import find_data_set, find_run, load_all, plan


def ids(runs):
    return {run.id for run in runs}


def shuffled(content, order):
    """Return the same content with the keys of every mapping in another order."""
    if isinstance(content, dict):
        items = [(key, shuffled(value, order)) for key, value in content.items()]
        order.shuffle(items)
        return dict(items)
    if isinstance(content, list):
        return [shuffled(value, order) for value in content]
    return content


RICH = example(
    base={"optimizer.lr": 1e-3, "critic_optimizer.lr": 1e-4, "n_critic": 2},
    overrides=[{"when": {"method": "wgan", "n_critic": 2}, "set": {"batch_size": 8, "samples": 9}}],
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)
@given(seed=st.integers(0, 2**32))
def test_an_id_does_not_depend_on_the_order_of_keys(tmp_path, seed):
    assert ids(planned(tmp_path, shuffled(RICH, random.Random(seed)))) == ids(
        planned(tmp_path, RICH)
    )


@pytest.mark.parametrize(
    "change",
    [
        {"n_critic": 7}, {"batch_size": 7}, {"iterations": 7}, {"log_every": 7}, {"samples": 7},
        {"evaluations": 7}, {"variant": "other"}, {"data.name": "swissroll"},
        {"generator.width": 7}, {"generator.latent_dim": 7}, {"critic.depth": 7},
        {"critic.norm": "layer"}, {"optimizer.lr": 7e-4}, {"generator_optimizer.lr": 7e-4},
        {"objective.name": "minimax"}, {"optimizer.name": "sgd", "optimizer.lr": 7e-4},
    ],
    ids=lambda change: next(iter(change)),
)  # fmt: skip
def test_a_changed_setting_changes_every_id(tmp_path, change):
    assert ids(planned(tmp_path, example(base=change))).isdisjoint(ids(planned(tmp_path, EXAMPLE)))


@pytest.mark.parametrize("seeds", [1, 3, [0, 2], [1, 0]])
def test_other_seeds_are_another_id(tmp_path, seeds):
    other = planned(tmp_path, example(scales={"smoke": {"seeds": seeds}}))
    assert ids(other).isdisjoint(ids(planned(tmp_path, EXAMPLE)))


def test_a_number_of_seeds_stands_for_the_first_ones(tmp_path):
    counted = planned(tmp_path, example(scales={"smoke": {"seeds": 3}}))
    listed = planned(tmp_path, example(scales={"smoke": {"seeds": [0, 1, 2]}}))
    assert [run.seeds for run in counted] == [(0, 1, 2)] * 3
    assert ids(counted) == ids(listed)


def test_a_default_that_is_written_out_and_an_equal_number_are_the_same_id(tmp_path):
    written_out = {"generator.width": 512, "critic.norm": "none", "evaluations": 16}
    assert ids(planned(tmp_path, example(base=written_out))) == ids(planned(tmp_path, EXAMPLE))
    one, two = ({"optimizer.lr": lr} for lr in (1, 1.0))
    assert ids(planned(tmp_path, example(base=one))) == ids(planned(tmp_path, example(base=two)))


def test_ids_do_not_depend_on_the_process(tmp_path):
    runs = ids(planned(tmp_path, EXAMPLE))
    code = (
        "import sys; from pathlib import Path; from wganbench.plan.runs import plan\n"
        "print(*[r.id for r in plan('smoke', None, Path(sys.argv[1]))['example']])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, tmp_path],
        env={"PYTHONHASHSEED": "5", "PYTHONPATH": ":".join(sys.path)},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert set(done.stdout.split()) == runs


def test_a_name_is_a_readable_slug_and_eight_digits(tmp_path):
    content = example(
        base={"data.name": "digits"},
        grid=[
            {
                "method": "wgan",
                "generator.name": ["dcgan", "mlp"],
                "generator.norm": "none",
                "constraint.clip_value": 0.01,
                "n_critic": 3,
            }
        ],
    )
    dcgan, mlp = planned(tmp_path, content)
    assert re.fullmatch(r"example/wgan-dcgan-nobn-c0\.01-ncritic3-[0-9a-f]{8}", dcgan.id)
    assert re.fullmatch(r"example/wgan-mlp-nobn-c0\.01-ncritic3-[0-9a-f]{8}", mlp.id)
    assert dcgan.digest.startswith(dcgan.id[-8:])


def test_settings_that_look_alike_in_the_slug_have_different_ids(tmp_path):
    content = example(grid=[{"method": "wgan", "optimizer.lr": [0.1234567, 0.12345671]}])
    one, two = planned(tmp_path, content)
    assert one.id != two.id
    assert one.name[:-8] == two.name[:-8]


def test_a_grid_over_every_setting_has_names_that_a_file_system_takes(tmp_path):
    resolved = planned(tmp_path, EXAMPLE)[-1].configuration.resolved()
    axes = {"variant": "v" * 40} | {
        f"{key}.{name}" if name else key: value
        for key, settings in resolved.items()
        for name, value in (settings.items() if isinstance(settings, dict) else [("", settings)])
        if value != ""
    }
    (run,) = planned(tmp_path, example(grid=[axes | {"critic_optimizer.lr": 1.2345e-5}]))
    assert len(axes) > 20
    assert run.name.startswith("wgan-gp-")
    (tmp_path / f".{run.name}.npz.1234567.partial").mkdir()


def test_a_run_is_found_by_its_id_and_nothing_else_is(tmp_path):
    runs = planned(tmp_path, EXAMPLE)
    for run in runs:
        assert find_run(run.id, "smoke", tmp_path) == run


@pytest.fixture
def unplanned(monkeypatch):
    """What plans a whole grid fails."""

    def refuse(*_):
        raise AssertionError("the whole grid was planned")

    def forbid():
        monkeypatch.setattr("wganbench.plan.runs.expand", refuse)

    return forbid


@pytest.mark.parametrize("scale", ["smoke", "laptop"])
def test_every_run_and_data_set_of_the_grids_is_found_without_planning_them(root, unplanned, scale):
    folder = root / "experiments"
    planned = [run for runs in plan(scale, None, folder).values() for run in runs]
    unplanned()
    for run in planned:
        found = find_run(run.id, scale, folder)
        assert (found, found.id, list(found.point)) == (run, run.id, list(run.point))
    for data in {run.configuration.data.id: run.configuration.data for run in planned}.values():
        assert find_data_set(data.id, scale, folder) == data


HARD_TO_READ = {
    "values that begin alike": [{"method": ["wgan", "wgan-gp"], "n_critic": [1, 11, 111]}],
    "whole numbers for fractions": [{"method": "wgan", "optimizer.lr": [1, 2, 0.1, 1e-9]}],
    "an axis that is not everywhere": [
        {
            "constraint.clip_value": {"values": [0.1, 1], "when": {"constraint.name": "clip"}},
            "method": ["gan", "wgan"],
        }
    ],
    "parts that are left out of names": [
        {"method": "wgan", "constraint.order": ["after", "before"], "critic.activation": "relu"}
    ],
    "an older spelling": [
        {"method": "gan"},
        {
            "method": "wgan", "generator.name": "fixed", "data.name": "parallel-lines",
            "data.theta": [1.0, 2.0],
        },
    ],
    "blocks after one another": [{"method": "gan"}, {"method": "gan", "n_critic": [2, 3]}],
    "a name that is cut": [
        {
            "method": "wgan", "variant": "v" * 40, "optimizer.lr": 1.2345e-5, "n_critic": 777,
            "iterations": 123456, "batch_size": 12345, "generator.width": 1234,
            "critic.width": 4321, "train_samples": 123456, "critic.depth": [3, 4],
            "generator.depth": [5, 6], "constraint.clip_value": [0.1, 0.2],
        }
    ],
}  # fmt: skip


@pytest.mark.parametrize("grid", HARD_TO_READ.values(), ids=HARD_TO_READ)
def test_a_run_is_found_by_a_name_that_is_hard_to_read(tmp_path, unplanned, grid):
    runs = planned(tmp_path, example(grid=grid))
    unplanned()
    assert [find_run(run.id, "smoke", tmp_path) for run in runs] == runs


def test_a_data_set_is_found_that_only_a_condition_leads_to(tmp_path, unplanned):
    overrides = [{"when": {"n_critic": 3}, "set": {"data.name": "swissroll"}}]
    grid = [{"method": "wgan", "n_critic": [1, 2, 3], "batch_size": [1, 2]}]
    planned(tmp_path, example(grid=grid, overrides=overrides))
    unplanned()
    assert find_data_set("swissroll", "smoke", tmp_path).name == "swissroll"


@pytest.fixture(scope="module")
def largest():
    """The runs of each experiment at its largest scale: the papers' own sizes, or a GPU's."""
    return plan("gpu", None, ROOT / "experiments") | plan("paper", None, ROOT / "experiments")


def test_every_point_at_a_smaller_scale_has_its_counterpart_at_the_largest(root, largest):
    """Of a grid that is drawn from, other points are drawn; their axes are the same."""
    for scale in SCALES:
        for name, runs in plan(scale, None, root / "experiments").items():
            of_part = load_all([name], root / "experiments")[name].scales[scale].subset
            known = [run.compared_as for run in largest[name]]
            found = [run.compared_as for run in runs]
            if of_part:
                known, found = [p.keys() for p in known], [p.keys() for p in found]
            assert all(point in known for point in found), (scale, name)


def test_every_experiment_runs_at_every_scale_but_perhaps_smoke_with_two_seeds_or_more(root):
    """One that draws its runs has its chance there, and takes too long for a laptop."""
    for experiment in load_all(None, root / "experiments").values():
        # Nothing but a contest of tuned methods, which trains each several times, goes without a
        # laptop's minutes either.
        is_drawn = all(scale.subset for scale in experiment.scales.values())
        is_contest = all(scale.tuned for scale in experiment.scales.values())
        spared = {"smoke", "laptop"} if is_drawn or is_contest else {"smoke"}
        if "paper" not in experiment.scales:  # of the family, not of the two papers
            spared |= {"laptop", "paper"}
        assert set(experiment.scales) >= set(SCALES) - spared
        assert is_drawn or all(len(scale.seeds) >= 2 for scale in experiment.scales.values())


@pytest.mark.parametrize("scale", SCALES)
def test_all_ids_are_distinct_and_safe_as_paths(root, scale):
    runs = [run for runs in plan(scale, None, root / "experiments").values() for run in runs]
    assert len(ids(runs)) == len(runs)
    for run in runs:
        assert re.fullmatch(r"[a-z0-9-]+/[a-z0-9][A-Za-z0-9.-]*-[0-9a-f]{8}", run.id)
        assert len(run.name) < 200
        assert json.loads(run.model_dump_json())["configuration"] == run.configuration.resolved()


@settings(max_examples=200)
@given(
    iterations=st.integers(1, 300), first=st.integers(0, 120), every=st.integers(1, 90),
    warm_up=st.sampled_from([0, 7, 100]),
)  # fmt: skip
def test_gradient_steps_are_the_mean_over_every_iteration_of_the_critics_and_the_generators_one(
    iterations, first, every, warm_up
):
    config = configuration(
        "wgan", iterations=iterations, warm_up_n_critic=warm_up, warm_up_first=first,
        warm_up_every=every,
    )  # fmt: skip
    counted = sum(config.algorithm.critic_steps(taken) for taken in range(iterations)) / iterations
    assert config.steps_per_iteration() == pytest.approx(counted + 1)
