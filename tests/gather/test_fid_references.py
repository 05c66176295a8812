"""What runs' FIDs mean is read from their image sets' feature spaces, when somebody asks."""

from pathlib import Path

import pandas as pd
import pytest
from configurations import IMAGES, TOY, configuration

from wganbench.errors import UserError
from wganbench.gather.load import Results
from wganbench.gather.references import REFERENCES, fid_references
from wganbench.plan.runs import Run
from wganbench.records.extractor import Made, References

SPACE = "classifier-digits@12345678"
KNOWN = {"half_of_classes": 7.0, "one_class": 30.0, "black": 40.0, "grey": 70.0, "noise": 45.0}


def run_of(method: str, base: dict) -> Run:
    return Run(
        experiment="e", scale="smoke", seeds=(0,), point={"method": method},
        configuration=configuration(method, base),
    )  # fmt: skip


@pytest.fixture
def results(tmp_path) -> Results:
    """Results of two runs on images and of one on a law; `digits` are measured in `SPACE`."""
    runs = [run_of("gan", IMAGES), run_of("wgan", IMAGES), run_of("gan", TOY)]
    write(tmp_path, KNOWN)
    evaluations = pd.DataFrame({"run": [run.id for run in runs], "extractor": [SPACE, SPACE, None]})
    facts = pd.DataFrame({"run": [run.id for run in runs]})
    by_id = {run.id: run for run in runs}
    return Results(tmp_path / "runs", Path(), by_id, {}, facts, {}, evaluations)


def write(folder: Path, references: dict) -> None:
    made = Made(
        id="digits", extractor=SPACE, accuracy=1.0, classes=10, train_images=3, heldout_images=3,
        references=References(**references), seconds=1.0, data_sha256="", sha256="",
        code_digest="",
    )  # fmt: skip
    (folder / "extractors").mkdir(exist_ok=True)
    (folder / "extractors/digits.json").write_text(made.model_dump_json())


def test_each_run_on_images_has_those_of_its_set(results):
    table = fid_references(results)
    assert list(table) == ["run", *REFERENCES]
    assert list(table["run"]) == list(results.runs)[:2]
    assert table[list(REFERENCES)].to_dict("records") == [KNOWN, KNOWN]


def test_what_a_set_without_labels_lacks_is_missing(results, tmp_path):
    write(tmp_path, KNOWN | {"half_of_classes": None, "one_class": None})
    table = fid_references(results)
    assert table[["half_of_classes", "one_class"]].isna().all(axis=None)
    assert table["black"].tolist() == [40, 40]


def test_a_run_that_was_measured_in_another_space_has_none(results):
    results.evaluations.loc[0, "extractor"] = "classifier-digits@87654321"
    table = fid_references(results).set_index("run")
    assert table.isna().all(axis=1).tolist() == [True, False]


def test_a_run_whose_every_seed_diverged_has_them_too(results):
    results.evaluations.loc[0, "extractor"] = None
    assert fid_references(results)["noise"].tolist() == [45, 45]


def test_a_record_is_read_once_and_a_missing_one_is_named(results, tmp_path):
    path = tmp_path / "extractors/digits.json"
    content = path.read_text()
    path.unlink()
    with pytest.raises(UserError, match=rf"^{path}: is missing; run `wganbench extractor digits`$"):
        fid_references(results)
    path.write_text(content)
    table = fid_references(results)
    path.unlink()
    assert fid_references(results).equals(table)
    assert len(fid_references(results.select(table["run"][:1]))) == 1


def test_without_images_nothing_is_read(results):
    run = run_of("gan", TOY)
    frames = pd.DataFrame({"run": [run.id]}), {}, pd.DataFrame({"run": []})
    laws = Results(Path("nowhere/runs"), Path(), {run.id: run}, {}, *frames)
    assert fid_references(laws).empty
    assert list(fid_references(laws)) == ["run", *REFERENCES]
