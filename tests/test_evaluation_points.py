"""When a run is evaluated: evenly along its iterations, or ever more rarely."""

import sys
from subprocess import run

import pytest
from configurations import configuration, generated
from hypothesis import given
from hypothesis import strategies as st

from wganbench.evaluation_points import evaluation_points, quarters
from wganbench.plan.configuration import Configuration
from wganbench.training.process import prepare_torch
from wganbench.training.train import train

ITERATIONS = st.integers(1, 10_000_000)
EVALUATIONS = st.integers(1, 300)
USUAL = configuration("wgan")


def spaced(spacing: str, iterations: int, evaluations: int) -> Configuration:
    changes = {"iterations": iterations, "evaluations": evaluations, "evaluation_spacing": spacing}
    return USUAL.model_copy(update=changes)


def test_even_points_are_even_and_end_at_the_last_iteration():
    assert evaluation_points(spaced("even", 100, 4)) == [25, 50, 75, 100]
    assert evaluation_points(spaced("even", 3, 10)) == [1, 2, 3]


def test_logarithmic_points_are_multiples_of_one_another_and_the_quarters():
    assert evaluation_points(spaced("log", 32, 6)) == [1, 2, 4, 8, 16, 24, 32]
    assert evaluation_points(spaced("log", 6400, 7))[:4] == [128, 246, 472, 905]


@pytest.mark.parametrize("evaluations", [1, 2, 3])
def test_the_quarters_are_evaluated_however_few_points_are_asked_for(evaluations):
    assert evaluation_points(spaced("log", 1000, evaluations))[-4:] == [250, 500, 750, 1000]


@given(spacing=st.sampled_from(["even", "log"]), iterations=ITERATIONS, evaluations=EVALUATIONS)
def test_points_ascend_without_repeats_and_end_at_the_last_iteration(
    spacing, iterations, evaluations
):
    points = evaluation_points(spaced(spacing, iterations, evaluations))
    assert points == sorted(set(points))
    assert points[0] >= 1
    assert points[-1] == iterations


@given(iterations=ITERATIONS, evaluations=EVALUATIONS)
def test_every_quarter_is_a_logarithmic_point_and_there_are_no_more_than_three_on_top(
    iterations, evaluations
):
    points = evaluation_points(spaced("log", iterations, evaluations))
    assert {round(k * iterations / 4) for k in (1, 2, 3, 4)} - {0} <= set(points)
    assert len(points) <= max(evaluations, 1) + 3


@given(iterations=ITERATIONS, evaluations=EVALUATIONS)
def test_even_points_are_as_many_as_asked_for_and_a_multiple_of_four_has_the_quarters(
    iterations, evaluations
):
    assert len(evaluation_points(spaced("even", iterations, evaluations))) == min(
        iterations, evaluations
    )
    if iterations >= 4 * evaluations:
        points = evaluation_points(spaced("even", iterations, 4 * evaluations))
        assert set(quarters(iterations)) <= set(points)


def test_a_run_has_rows_and_samples_at_its_logarithmic_points():
    prepare_torch("cpu")
    config = configuration(
        "wgan", iterations=16, evaluations=5, evaluation_spacing="log", log_every=5
    )
    trained = train(config, generated(config), (0, 1))
    points = [1, 2, 4, 8, 12, 16]
    rows = trained.history.curves.rows()
    assert trained.samples.iterations.tolist() == points
    for seed in (0, 1):
        own = [row for row in rows if row["seed"] == seed]
        assert [r["iteration"] for r in own] == sorted({*points, 5, 10, 15})
        evaluated = [r for r in own if r["is_evaluation"]]
        assert [r["iteration"] for r in evaluated] == points
        assert all(r["estimate"] is not None for r in own)
        assert all(r["estimate_heldout"] is not None for r in evaluated)


def test_an_even_run_keeps_its_id_and_a_logarithmic_one_has_another():
    assert "evaluation_spacing" not in USUAL.identity()
    assert spaced("log", 6, 2).identity()["evaluation_spacing"] == "log"


def test_points_are_known_without_torch():
    code = "import sys, wganbench.evaluation_points; sys.exit('torch' in sys.modules)"
    assert run([sys.executable, "-c", code]).returncode == 0
