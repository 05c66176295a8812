"""The real workflow at scale smoke, through Snakemake, in a folder with a space in its name."""

import json
import os
import re
import shutil
import subprocess
import time
from collections import Counter
from pathlib import Path

import numpy as np
import ot
import pyarrow.parquet as pq
import pytest
import yaml
from conftest import ROOT
from smoke_project import BIN, copy_sources, snakemake

from wganbench.claims.judging.catalogue import catalogue
from wganbench.files import sha256_of
from wganbench.grey_levels import floats_of
from wganbench.plan.configuration import Configuration
from wganbench.records.claims import read_claims
from wganbench.records.run import RunRecord
from wganbench.records.samples import read_samples

pytestmark = pytest.mark.workflow


def planned(folder: Path) -> dict[str, dict]:
    """Return the planned runs by id."""
    command = [BIN / "wganbench", "plan", "--scale", "smoke", "--json"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True)
    return {run["id"]: run for run in map(json.loads, done.stdout.splitlines())}


def jobs_of(output: str) -> Counter[str]:
    """Return how many jobs of each rule a dry run plans."""
    table = output.partition("Job stats:")[2].partition("total")[0]
    return Counter({name: int(n) for name, n in re.findall(r"^(\w+) +(\d+)$", table, re.M)})


@pytest.fixture(scope="module")
def project(smoke_project) -> Path:
    return smoke_project


def test_every_planned_run_has_its_files(project):
    for run in planned(project).values():
        folder = project / "results/runs" / run["id"]
        record = RunRecord.model_validate_json((folder / "run.json").read_text())
        assert record.id == run["id"]
        assert record.configuration == Configuration.from_flat(run["configuration"]).identity()
        assert [s.status for s in record.seeds] == ["ok", "ok"]
        rows = pq.read_table(folder / "curves.parquet").to_pandas()
        iterations = run["configuration"]["iterations"]
        assert list(rows.groupby("seed").iteration.max()) == [iterations] * 2
        assert len(rows) == iterations * 2
        samples = read_samples(folder / "samples.npz")
        assert samples.valid.all()
        assert samples.iterations[-1] == iterations
        measured = run["configuration"]["data"]["name"] != "digits"
        assert (folder / "transport.parquet").exists() == measured


def test_distances_in_the_results_are_pots_on_the_saved_samples(project):
    checked = 0
    with np.load(project / "data/8gaussians.npz") as arrays:
        train = arrays["train"].astype(float)
    for path in (project / "results/runs").glob("toy-grid/*/transport.parquet"):
        rows = pq.read_table(path).to_pandas()
        samples = read_samples(path.with_name("samples.npz"))
        real = floats_of(samples.real).astype(float)
        fresh = np.random.default_rng(0).permutation(len(train))[: 5 * 64].reshape(5, 64)
        floors = [ot.emd2([], [], ot.dist(train[f], real, metric="euclidean")) for f in fresh]
        np.testing.assert_allclose(rows.floor, np.mean(floors), rtol=1e-9)
        np.testing.assert_allclose(rows.floor_sd, np.std(floors, ddof=1), rtol=1e-9)
        for row in rows.itertuples():
            s = list(samples.seeds).index(row.seed)
            e = list(samples.iterations).index(row.iteration)
            costs = ot.dist(samples.generated[s, e].astype(float), real, metric="euclidean")
            assert row.w1 == pytest.approx(ot.emd2([], [], costs, numItermax=10**9), rel=1e-9)
            checked += 1
    assert checked == 3 * 2 * 4  # methods, seeds, evaluation points


def test_parallel_lines_have_their_closed_form_beside_the_distance_of_the_samples(project):
    rows = {
        path.parent.name: pq.read_table(path).to_pandas()
        for path in (project / "results/runs").glob("wgan-fig1/*/transport.parquet")
    }
    assert len(rows) == 2
    for name, table in rows.items():
        assert "theta1" in name
        assert set(table.w1_true) == {1.0}
        np.testing.assert_allclose(table.w1, 1.0, atol=3 * table.floor.max() + 0.02)


def test_data_match_their_manifests(project):
    manifests = list((project / "data").glob("*.json"))
    assert {m.stem for m in manifests} == {
        "8gaussians", "digits", "parallel-lines-theta1", "two-gaussians-mean_real-3-mean_model3",
        "noisy-law-law8gaussians-noise1", "noisy-law-lawswissroll-noise1",
        "funnels-dim2-funnels16-seed0", "fgan-mixture",
        "ring-gaussians8-radius2-sigma0.02-spacingeven", "fgan-fit-trained_onkl", "piecewise",
        "swissroll",
    }  # fmt: skip
    for manifest in manifests:
        recorded = json.loads(manifest.read_text())["sha256"]
        assert recorded == sha256_of(manifest.with_suffix(".npz"))


def test_the_summary_has_a_row_for_every_run_and_seed(project):
    rows = pq.read_table(project / "results/scales/smoke/summary.parquet").to_pandas()
    expected = {(name, seed) for name, run in planned(project).items() for seed in run["seeds"]}
    assert set(zip(rows.id, rows.seed, strict=True)) == expected
    assert len(rows) == len(expected)


def test_every_claim_has_its_verdict_on_planned_runs(project):
    claims = read_claims(project / "results/scales/smoke/claims.json")
    assert [claim.name for claim in claims.claims] == list(catalogue())
    assert claims.scale == "smoke"
    assert {run for claim in claims.claims for run in claim.runs} <= set(planned(project))
    for claim in claims.claims:
        assert claim.seeds <= 2
    # So short a budget bears no verdict, on any claim.
    assert {claim.verdict for claim in claims.claims} == {"inconclusive", "not testable here"}


def test_the_command_prints_the_claims_and_writes_the_same_bytes_again(project):
    before = (project / "results/scales/smoke/claims.json").read_bytes()
    command = [BIN / "wganbench", "claims", "--scale", "smoke"]
    told = subprocess.run(command, cwd=project, capture_output=True, text=True, check=True).stdout
    assert before == (project / "results/scales/smoke/claims.json").read_bytes()
    command += ["--read", "--json"]
    assert subprocess.run(command, cwd=project, capture_output=True, check=True).stdout == before
    words = " ".join(re.sub(r"[^\w.,]", " ", told).split())
    for claim in catalogue().values():
        assert " ".join(re.sub(r"[^\w.,]", " ", claim.statement).split())[:40] in words
    assert "not testable here" in told
    assert "scale smoke: " in told
    assert "too short for a verdict to mean anything" in told


def test_the_report_names_every_run(project):
    page = (project / "reports/runs.html").read_text()
    assert all(run.partition("/")[2] in page for run in planned(project))


def test_nothing_is_left_behind_but_products(project):
    assert not list(project.rglob("*.partial"))


def test_a_second_call_has_nothing_to_do(project):
    assert "Nothing to be done" in snakemake(project)


def test_a_changed_configuration_reruns_its_run_and_what_depends_on_it_only(project):
    path = project / "experiments/toy-grid.yaml"
    original = path.read_text()
    try:
        content = yaml.safe_load(original)
        content["overrides"].append({"when": {"method": "gan"}, "set": {"n_critic": 2}})
        path.write_text(yaml.safe_dump(content, sort_keys=False))
        jobs = jobs_of(snakemake(project, "--dry-run"))
    finally:
        path.write_text(original)
    assert jobs.pop("all", 1) == 1
    assert jobs.pop("runs", 1) == 1
    assert jobs.pop("verdicts", 1) == 1
    assert jobs == {
        "train": 1, "transport": 1, "fidelity": 1, "summary": 1, "claims": 1,
        "report": 1,
    }  # fmt: skip


def test_a_deleted_product_is_made_again_with_what_depends_on_it(project):
    run = next(name for name in planned(project) if name.startswith("toy-grid/wgan-gp"))
    before = (project / "results/runs" / run / "transport.parquet").read_bytes()
    (project / "results/runs" / run / "transport.parquet").unlink()
    jobs = jobs_of(snakemake(project, "--dry-run"))
    assert {name: n for name, n in jobs.items() if name not in ("all", "runs", "verdicts")} == {
        "transport": 1, "summary": 1, "claims": 1, "report": 1,
    }  # fmt: skip
    snakemake(project, f"results/runs/{run}/transport.parquet")
    assert (project / "results/runs" / run / "transport.parquet").read_bytes() == before


def test_verdicts_and_report_are_made_of_the_feature_spaces_too(project):
    planned_jobs = snakemake(project, "--dry-run", "--forcerun", "claims", "report")
    for rule in ("claims", "report"):
        (inputs,) = re.findall(rf"^rule {rule}:\n +input: (.*)$", planned_jobs, re.M)
        assert "results/extractors/digits.json" in inputs.split(", ")


def test_training_again_gives_the_same_bytes(project, tmp_path):
    copy = shutil.copytree(project, tmp_path / "a copy")
    run = next(name for name in planned(project) if name.startswith("toy-grid/wgan-gp"))
    folder = copy / "results/runs" / run
    names = ("curves.parquet", "samples.npz", "networks.safetensors")
    before = {name: sha256_of(folder / name) for name in names}
    snakemake(copy, "--force", f"results/runs/{run}/run.json")
    assert {name: sha256_of(folder / name) for name in names} == before


def test_a_mistake_in_an_experiment_file_is_one_line_with_file_and_key(project):
    path = project / "experiments/toy-grid.yaml"
    original = path.read_text()
    try:
        path.write_text(original.replace("n_critic", "n_crtic").replace("batch_size", "bacth_size"))
        command = [BIN / "snakemake", "--cores", "1", "--dry-run"]
        done = subprocess.run(command, cwd=project, capture_output=True, text=True)
    finally:
        path.write_text(original)
    assert done.returncode != 0
    said = done.stdout + done.stderr  # a dry run speaks on standard output
    assert "experiments/toy-grid.yaml: base: bacth_size: unknown key" in said
    assert "did you mean 'batch_size'" in said
    assert "Traceback" not in said


def test_a_missing_image_set_is_told_with_what_to_put_where_before_anything_runs(tmp_path):
    copy_sources(ROOT, tmp_path)

    def dry_run(target: str) -> str:
        command = [BIN / "snakemake", "--dry-run", "--config", "scale=paper", "--", target]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
        return done.stdout + done.stderr

    raw = "raw/lsun-bedrooms"
    told = f"{raw}/bedroom_train_lmdb/data.mdb: is missing; unpack LSUN's bedroom_train_lmdb.zip"
    assert told in dry_run("data/lsun-bedrooms-size64.npz")
    # Once the set is made, its raw files may go; a raw file that is newer makes it again.
    command = [BIN / "wganbench", "plan", "image-grid", "--scale", "paper", "--json"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
    run = f"results/runs/{json.loads(done.stdout.splitlines()[0])['id']}/run.json"
    (tmp_path / "data").mkdir()
    for suffix in (".npz", ".json"):
        (tmp_path / f"data/lsun-bedrooms-size64{suffix}").touch()
    assert jobs_of(dry_run(run)) == {"train": 1}
    database = tmp_path / raw / "bedroom_train_lmdb"
    database.mkdir(parents=True)
    later = time.time() + 10
    (database / "data.mdb").touch()
    os.utime(database / "data.mdb", (later, later))
    assert jobs_of(dry_run(run)) == {"train": 1, "data": 1}
