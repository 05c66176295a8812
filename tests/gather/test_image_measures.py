"""Sharpness and recall of saved images, and in which experiments they are read."""

import numpy as np
import pytest
from configurations import IMAGES, configuration
from scipy.ndimage import gaussian_filter, laplace
from trained_runs import trained

from wganbench.data.digits import Digits
from wganbench.gather.load import Results
from wganbench.gather.measures import measured
from wganbench.gather.measures.sharpness import laplacian_variance
from wganbench.grey_levels import floats_of
from wganbench.plan.runs import Run

SEEDS = (3, 5)


def run_of(experiment: str, **changes) -> Run:
    config = configuration("gan", IMAGES, iterations=8, evaluations=8, samples=40, **changes)
    return Run(experiment=experiment, scale="smoke", seeds=SEEDS, point={}, configuration=config)


@pytest.fixture(scope="module")
def results(tmp_path_factory) -> Results:
    folder = tmp_path_factory.mktemp("images")
    runs = [
        run_of("compared", algorithm="vae", encoder__name="dcgan", encoder__width=4),
        run_of("compared"),
        run_of("alone"),
    ]
    return trained(runs, folder / "runs", folder / "data")


def test_the_laplacian_is_scipys_where_all_neighbours_are_in_the_image():
    images = np.random.default_rng(0).integers(0, 256, (3, 1, 7, 9), dtype=np.uint8)
    inside = [laplace(image)[1:-1, 1:-1].var() for image in floats_of(images)[:, 0]]
    np.testing.assert_allclose(laplacian_variance(images), inside, rtol=1e-5)
    flat = np.full((2, 3, 8, 8), 77, dtype=np.uint8)
    assert laplacian_variance(flat).tolist() == [0, 0]


def test_a_blur_of_half_a_pixel_leaves_what_the_claims_reason_says():
    real = Digits().generate(np.random.default_rng(0)).heldout
    blurred = {sd: gaussian_filter(real, (0, 0, sd, sd)) for sd in (0.25, 0.5)}
    left = {sd: laplacian_variance(x).mean() / laplacian_variance(real).mean()
            for sd, x in blurred.items()}  # fmt: skip
    assert left == pytest.approx({0.25: 1.0, 0.5: 0.69}, abs=0.01)


def test_sharpness_is_relative_to_the_held_out_images(results):
    table = measured(results, "sharpness")
    run = table["run"].iloc[-1]
    samples = results.samples(run)
    expected = (
        laplacian_variance(samples.generated[1, -1]) / laplacian_variance(samples.real).mean()
    )
    assert table["value"].iloc[-1] == pytest.approx(expected.mean(), rel=1e-5)
    assert len(table) == 2 * len(SEEDS) * 8


def test_recall_is_that_of_the_fidelity_table_and_known_at_each_quarter(results):
    table = measured(results, "recall")
    assert set(table["iteration"]) == {2, 4, 6, 8}
    both = table.merge(results.evaluations, on=["run", "seed", "iteration"]).dropna(
        subset=["recall"]
    )
    assert len(both) >= 2 * len(SEEDS)
    assert both["value"].tolist() == both["recall"].tolist()


def test_they_are_read_only_where_a_vae_is_compared(results):
    for name in ("sharpness", "recall"):
        runs = set(measured(results, name)["run"])
        assert {run.partition("/")[0] for run in runs} == {"compared"}
        assert len(runs) == 2
    assert measured(results.among(["alone"]), "sharpness").empty
