"""Images without labels: patches and KID of random features beside their floors."""

from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest
from experiment_files import example, planned, write
from raw_files import smooth
from scipy.signal import correlate2d
from torch_fidelity.metric_kid import kid_features_to_metric

from wganbench.data.digits import Digits
from wganbench.fidelity.metrics import settings
from wganbench.fidelity.pyramids import pyramid_distances
from wganbench.fidelity.random_features import RandomFeatures
from wganbench.fidelity.unlabelled import Compared
from wganbench.grey_levels import levels_of
from wganbench.records.samples import read_samples

SMALL = {
    "data.name": "image-folder", "data.folder": "mine", "data.size": 32, "generator.name": "mlp",
    "generator.width": 8, "generator.output": "tanh", "critic.width": 8, "batch_size": 8,
    "iterations": 4, "evaluations": 4, "samples": 20,
}  # fmt: skip
CONTENT = example(base=SMALL, grid=[{"method": "wgan"}])
DIGITS = Digits().generate(np.random.default_rng(0))
TRAIN, HELDOUT = levels_of(DIGITS.train), levels_of(DIGITS.heldout)[:100]


@pytest.fixture(scope="module")
def project(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("unlabelled")
    for k in range(150):
        path = folder / f"raw/mine/{k}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        smooth(k, 32, 32).save(path)
    (folder / "experiments").mkdir()
    (folder / "params.yaml").write_text("scale: smoke\n")
    write(folder / "experiments", CONTENT, "mine")
    return folder


# --- the space of random features


def test_the_space_is_the_same_everywhere_by_name_and_weights():
    assert RandomFeatures(1).tag == "random-convolutions-1-1@52607e1d"
    assert RandomFeatures(3).tag == "random-convolutions-1-3@0e914dd6"


def test_a_feature_is_a_filters_mean_over_the_image_by_scipys_correlation():
    space = RandomFeatures(1)
    image = HELDOUT[:1]
    pixels = np.pad(image[0, 0] / 127.5 - 1, 1)
    kernel = space.weights[0][5, 0]
    filtered = correlate2d(pixels, kernel, mode="valid")[::2, ::2]
    found = space.features(image).features
    assert float(found[0, 5]) == pytest.approx(np.maximum(filtered, 0).mean(), rel=1e-5)
    assert found.shape == (1, 32 + 64 + 128)


def test_images_are_measured_alike_in_any_company():
    space = RandomFeatures(1)
    together = space.features(HELDOUT[:40]).features
    np.testing.assert_allclose(space.features(HELDOUT[7:8]).features[0], together[7], atol=1e-6)


def spoiled(name: str) -> np.ndarray:
    """Return as many digits as are held out, with a fault that a trained network would see."""
    rng = np.random.default_rng(1)
    images = TRAIN[rng.permutation(len(TRAIN))[: len(HELDOUT)]]
    few = TRAIN[DIGITS.labels == 1][: len(HELDOUT)]
    noise = np.clip(images + rng.normal(size=images.shape) * 48, 0, 255).astype(np.uint8)
    blurred = ((images.astype(int) + np.roll(images, 2, 3)) // 2).astype(np.uint8)
    return {"noise": noise, "blurred": blurred, "one class": few, "real": images}[name]


@pytest.fixture(scope="module")
def compared() -> tuple[Compared, dict[str, float]]:
    found = Compared(HELDOUT)
    return found, found.floors(TRAIN)


@pytest.mark.parametrize("images", ["noise", "blurred", "one class", "real"])
def test_faults_lie_above_the_floor_and_real_images_on_it(images, compared):
    heldout, floors = compared
    found = heldout.numbers(spoiled(images))
    patches, kid = (
        (found[name] - floors[f"{name}_floor"]) / floors[f"{name}_floor_sd"]
        for name in ("patches", "kid_random")
    )
    if images == "real":
        assert max(abs(patches), abs(kid)) < 4
    else:
        assert kid > 4
        # Strokes of one class are those of digits.
        assert patches > 4 or images == "one class"


# --- a run


def test_a_run_is_measured_reported_and_told_what_it_lacks(project, wganbench, monkeypatch):
    monkeypatch.chdir(project)
    lacks = "mine: FID, KID, precision and recall are not measured: the images have no labels; "
    assert lacks in wganbench("plan")[1]
    code, out, err = wganbench("run", "mine")
    assert code == 0, err
    assert lacks in out
    (folder,) = Path("results/runs/mine").iterdir()
    table = pq.read_table(folder / "unlabelled.parquet").to_pandas()
    assert len(table) == 8
    samples = read_samples(folder / "samples.npz")
    row = table[(table["seed"] == 1) & (table["iteration"] == 3)].iloc[0]
    levels = pyramid_distances(samples.generated[1, 2], samples.real)
    assert list(row["patch_levels"]) == list(levels.values())
    assert row["patches"] == pytest.approx(np.mean(list(levels.values())))
    space = RandomFeatures(3)
    one, other = (
        space.features(images).features for images in (samples.generated[1, 2], samples.real)
    )
    kid = kid_features_to_metric(one, other, **settings(20, 20))["kernel_inception_distance_mean"]
    assert row["kid_random"] == pytest.approx(kid)
    assert (table["patches"] > table["patches_floor"]).all()
    summary = pd.read_csv("results/scales/smoke/summary.csv")
    last = table[table["iteration"] == 4].set_index("seed")
    for name in ("patches", "patches_floor", "kid_random"):
        np.testing.assert_allclose(summary.set_index("seed")[name], last[name], rtol=1e-12)
    page = Path("reports/images.html").read_text()
    assert "Sliced Wasserstein distance of patches along training" in page
    assert f"random features are {space.tag}" in page
    assert wganbench("run", "mine", "--no-report")[1].count("was done") == 1


def test_sets_with_a_space_of_their_own_are_left_to_it(tmp_path):
    from wganbench.plan.overview import unmeasured
    from wganbench.plan.steps import measurements

    both = [{"method": "wgan", "data.labels": ["none", "folders"]}]
    runs = planned(tmp_path, example(base=SMALL, grid=both))
    assert [[step.name for step in measurements(run)] for run in runs] == [
        ["unlabelled"], ["fidelity"]
    ]  # fmt: skip
    (line,) = unmeasured(runs)
    assert "not measured in 1 of 2 runs" in line
    assert not list(unmeasured(runs[1:]))
