"""What jobs ask a cluster for: minutes, memory and GPUs by what each run has to do."""

from itertools import pairwise
from pathlib import Path

import pytest
from experiment_files import example, planned

from wganbench.operations import asks as asks_module
from wganbench.operations import counted
from wganbench.operations.asks import OVER_ESTIMATE, START, Asks
from wganbench.operations.counted import counts
from wganbench.operations.counting import count
from wganbench.operations.slurm_profile import needs
from wganbench.plan.params import Params
from wganbench.plan.runs import Run
from wganbench.plan.steps import EXTRACTOR, MEASUREMENTS, TRAIN
from wganbench.records.run import Timings

BATCH, WIDTH, LATENT = 256, 64, 2
TOYS = {"generator.width": WIDTH, "critic.width": WIDTH, "generator.latent_dim": LATENT,
        "batch_size": BATCH}  # fmt: skip
IMAGES = {"data.name": "digits", "generator.name": "dcgan", "generator.width": 4,
          "critic.name": "dcgan", "critic.width": 4}  # fmt: skip
STEPS = {step.name: step for step in MEASUREMENTS}


@pytest.fixture(autouse=True)
def in_another_process(tmp_path, monkeypatch):
    """Count in this process, torch being here; return what counts in another one."""
    monkeypatch.chdir(tmp_path)
    usual = counted._counted
    monkeypatch.setattr(counted, "_counted", lambda some: [count(one) for one in some])
    return usual


def toy(method: str = "wgan", scale: str = "smoke", seeds: int = 2, **settings: object) -> Run:
    size = {"seeds": seeds}
    content = example(base=TOYS | settings, grid=[{"method": method}], scales={scale: size})
    (run,) = planned(Path(), content, scale)
    return run


def images(**changes: str) -> Run:
    content = example(base=IMAGES, grid=[{"method": "wgan"}])
    (run,) = planned(Path(), content)
    return Params(scale="smoke", **changes).placed(run)


def product(*sizes: int) -> int:
    """Return the operations of a batch through linear layers of these widths."""
    return sum(2 * BATCH * a * b for a, b in pairwise(sizes))


def test_the_operations_of_an_iteration_are_those_of_its_matrix_products():
    run = toy()
    critic = product(2, WIDTH, WIDTH, WIDTH)  # its last layer is a sum, no product
    generator = product(LATENT, WIDTH, WIDTH, WIDTH, 2)
    # A backward pass has a product for each weight and one for each layer's input; what enters the
    # first layer needs none, but where the generator learns through the critic.
    critic_step = generator + 2 * (3 * critic - product(2, WIDTH))
    generator_step = (3 * generator - product(LATENT, WIDTH)) + 2 * critic
    assert counts([run], anew=True)[run.id].flops == 5 * critic_step + generator_step


def test_another_process_counts_the_same_as_this_one(in_another_process):
    some = [toy().configuration, images().configuration]
    assert in_another_process(some) == [count(one) for one in some]


def test_where_nothing_can_be_counted_that_is_said_and_jobs_ask_for_their_scales_most(
    in_another_process, monkeypatch, capsys
):
    monkeypatch.setattr(counted, "_counted", in_another_process)
    monkeypatch.setattr(counted.sys, "executable", "/bin/false")
    run = toy()
    assert Asks("gpu", [run], anew=True).minutes(TRAIN, run) == TRAIN.minutes["gpu"]
    assert "cannot count: exit code 1; jobs ask for" in capsys.readouterr().err
    assert not counted.COUNTS.exists()


def test_a_warm_up_is_counted_by_its_steps():
    plain, warm = toy(iterations=50), toy(iterations=50, warm_up_n_critic=100)
    found = counts([plain, warm], anew=True)
    times = (25 * 101 + 25 * 6) / (50 * 6)
    assert found[warm.id].seconds(warm) == pytest.approx(times * found[plain.id].seconds(plain))


def test_a_stack_of_replicas_costs_less_than_so_many_trainings():
    one, eight = toy(seeds=1), toy(seeds=8)
    found = counts([one, eight], anew=True)
    alone, stacked = found[one.id].seconds(one), found[eight.id].seconds(eight)
    assert alone < stacked < 8 * alone


def test_what_is_counted_is_kept_and_nothing_is_counted_unasked(monkeypatch):
    run = toy()
    assert counts([run]) == {}
    assert not counted.COUNTS.exists()
    found = counts([run], anew=True)
    assert counts([run]) == found
    kept = counted.COUNTS.read_bytes()
    counts([run], anew=True)
    assert counted.COUNTS.read_bytes() == kept


@pytest.mark.parametrize("content", ["", "{", "[]", '{"a": {"calls": 1}}'])
def test_a_damaged_file_of_counts_is_as_none(content):
    counted.COUNTS.parent.mkdir()
    counted.COUNTS.write_text(content)
    run = toy()
    assert counts([run]) == {}
    assert run.id in counts([run], anew=True)


def test_an_iteration_that_solves_transport_is_not_counted_and_asks_for_its_scales_most():
    run = toy("wgan-gp", **{"constraint.name": "coupled-penalty"})
    asks = Asks("gpu", [run], anew=True)
    assert asks.minutes(TRAIN, run) == TRAIN.minutes["gpu"]
    assert asks.memory(TRAIN, run) == TRAIN.memory["gpu"]


def test_a_training_asks_for_minutes_by_its_iterations():
    short, long = toy(iterations=1_000), toy(iterations=1_000_000)
    asks = Asks("gpu", [short, long], anew=True)
    assert asks.minutes(TRAIN, short) == 10
    estimate = counts([long])[long.id].seconds(long) / 60
    assert 0 <= asks.minutes(TRAIN, long) - (OVER_ESTIMATE * estimate + START) < 10


def test_a_training_asks_for_memory_by_its_samples():
    few, many = toy(samples=100), toy(samples=4_000, evaluations=100, iterations=1_000)
    asks = Asks("gpu", [few, many], anew=True)
    values = 2 * 100 * 4_000 * 2  # seeds, evaluations, samples, dimensions
    held = 2 * 4 * values / 2**20
    assert asks.memory(TRAIN, many) - asks.memory(TRAIN, few) == pytest.approx(held, abs=2)


def test_nothing_is_counted_for_jobs_of_this_machine():
    run = toy()
    assert Asks("gpu", [run]).minutes(TRAIN, run) == TRAIN.minutes["gpu"]
    assert not counted.COUNTS.exists()


def test_a_measured_rate_outranks_what_is_counted(monkeypatch):
    run = toy(iterations=1_000_000)
    minutes = Asks("smoke", [run], anew=True).minutes(TRAIN, run)
    per_iteration = 60 * minutes / 1_000_000
    timings = Timings(total=1, training=1, per_iteration=per_iteration, at_evaluations=[],
                      peak_memory_mib=0)  # fmt: skip
    on_a_slow_core = {("cpu", "a slow core"): [(run, timings)], ("cuda", "a GPU"): []}
    monkeypatch.setattr(asks_module, "timed_runs", lambda _: on_a_slow_core)
    assert 0 <= Asks("smoke", [run], anew=True).minutes(TRAIN, run) - (3 * minutes + START) < 10


def test_transport_asks_for_minutes_by_the_square_of_its_samples():
    runs = [toy(samples=n, iterations=10_000, evaluations=20) for n in (1_000, 4_000)]
    few, many = (Asks("paper", runs).minutes(STEPS["transport"], run) for run in runs)
    assert few == 10
    assert many > 20


def test_inception_asks_for_a_gpu_where_its_runs_have_one_and_for_fewer_minutes():
    slow, fast, classifier = (
        images(extractor="inception"),
        images(extractor="inception", device="cuda"),
        images(device="cuda"),
    )
    fidelity = STEPS["fidelity"]
    for step in (fidelity, EXTRACTOR):
        assert [step.on_gpu(run) for run in (slow, fast, classifier)] == [False, True, False]
    assert fidelity.minutes(fast) < fidelity.minutes(slow)
    assert fidelity.minutes(classifier) < fidelity.minutes(slow)


def test_with_device_auto_images_are_on_a_gpu_and_points_are_not():
    chosen = Params(scale="smoke", device="auto")
    law, picture = chosen.placed(toy()), images(device="auto")
    assert (law.device, picture.device) == ("cpu", "cuda")
    assert (law.id, picture.id) == (toy().id, images().id)  # the same runs wherever they are
    found = {(need.rule, need.gpu) for need in needs("smoke", [law, picture])}
    assert {("train", 0), ("train", 1), ("fidelity", 0), ("transport", 0)} <= found
    assert ("transport", 1) not in found


def test_the_check_asks_for_the_largest_job_of_each_rule():
    runs = [toy(iterations=1_000), toy(iterations=2_000_000)]
    (need,) = [need for need in needs("smoke", runs) if need.rule == "train"]
    asks = Asks("smoke", runs)
    assert need.runtime == max(asks.minutes(TRAIN, run) for run in runs)
    assert need.resumes
