"""Plug-ins outside the package: found by entry points, part of a run's identity and code."""

import importlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
from configurations import configuration
from conftest import ROOT
from experiment_files import example, write
from package_copy import forget
from training_cases import with_parts

from wganbench.plan.configuration import Configuration
from wganbench.plan.steps import TRAIN
from wganbench.records.curves import read_curves
from wganbench.records.networks import read_networks
from wganbench.records.samples import read_samples

OBJECTIVE = '''
from typing import Literal
from {base} import Steeper


class Theirs(Steeper):
    """Of another package."""

    name: Literal["theirs"] = "theirs"

    def generator_loss(self, fake):
        from {numbers} import FACTOR

        return FACTOR * super().generator_loss(fake)
'''
MIXIN = """
from wganbench.objectives.wasserstein import Wasserstein


class Steeper(Wasserstein):
    def critic_loss(self, real, fake):
        return 2 * super().critic_loss(real, fake)
"""
NUMBERS = "FACTOR = 3.0\n"


@pytest.fixture(autouse=True)
def _digests_anew():
    forget()
    yield
    forget()


def a_package(folder: Path, name: str) -> dict[str, Path]:
    """Write a package: an objective, its base and a number that it imports late."""
    files = {
        "objective": (f"{name}/objective.py", OBJECTIVE.format(
            base=f"{name}.parts.mixin", numbers=f"{name}.numbers")),
        "base": (f"{name}/parts/mixin.py", MIXIN),
        "number": (f"{name}/numbers.py", NUMBERS),
        "nothing": (f"{name}/parts/unrelated.py", "VALUE = 1\n"),
        "data": (f"{name}/table.csv", "1,2\n"),
    }  # fmt: skip
    for path, content in (*files.values(), (f"{name}/__init__.py", ""),
                          (f"{name}/parts/__init__.py", "")):  # fmt: skip
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(content)
    return {what: folder / path for what, (path, _) in files.items()}


def of_theirs(module: str) -> Configuration:
    """Return a configuration with an objective of another package."""
    importlib.invalidate_caches()
    theirs = importlib.import_module(module).Theirs()
    return with_parts(configuration("wgan"), objective=theirs)


def code_after(config: Configuration, file: Path, old: str, new: str) -> str:
    """Return the digest of the code that trains after an edit, which is then undone."""
    source = file.read_text()
    assert old in source
    file.write_text(source.replace(old, new))
    forget()
    try:
        return TRAIN.code(config)
    finally:
        file.write_text(source)
        forget()


@pytest.mark.parametrize("package", ["lab_of_mine", "wganbench_x", "wganbenchmark"])
def test_another_packages_plug_in_counts_with_all_it_imports(package, tmp_path, monkeypatch):
    files = a_package(tmp_path, package)
    monkeypatch.syspath_prepend(tmp_path)
    config, plain = of_theirs(f"{package}.objective"), configuration("wgan")
    code = TRAIN.code(config)
    assert code != TRAIN.code(plain)
    for what, old, new in (
        ("objective", "FACTOR *", "2 * FACTOR *"),
        ("base", "2 * super", "3 * super"),
        ("number", "3.0", "4.0"),
        ("data", "1,2", "1,3"),
    ):
        assert code_after(config, files[what], old, new) != code, what
    for what, old, new in (
        ("objective", '"""Of another package."""', '"""In other words."""'),
        ("number", "3.0", "(3.0)  # the same"),
        ("nothing", "1", "2"),
    ):
        assert code_after(config, files[what], old, new) == code, what
    before = TRAIN.code(plain)
    assert code_after(plain, files["number"], "3.0", "4.0") == before


def test_relative_imports_of_another_package_are_followed(tmp_path, monkeypatch):
    files = a_package(tmp_path, "relatively")
    content = files["objective"].read_text()
    content = content.replace("from relatively.parts.mixin import", "from .parts.mixin import")
    files["objective"].write_text(content.replace("from relatively.numbers", "from .numbers"))
    monkeypatch.syspath_prepend(tmp_path)
    config = of_theirs("relatively.objective")
    code = TRAIN.code(config)
    assert code_after(config, files["base"], "2 * super", "3 * super") != code
    assert code_after(config, files["number"], "3.0", "4.0") != code


def test_a_module_without_a_package_counts_too(tmp_path, monkeypatch):
    (tmp_path / "mixin_alone.py").write_text(MIXIN)
    (tmp_path / "numbers_alone.py").write_text(NUMBERS)
    (tmp_path / "objective_alone.py").write_text(
        OBJECTIVE.format(base="mixin_alone", numbers="numbers_alone")
    )
    monkeypatch.syspath_prepend(tmp_path)
    config = of_theirs("objective_alone")
    code = TRAIN.code(config)
    for file in ("objective_alone.py", "mixin_alone.py"):
        assert code_after(config, tmp_path / file, "super()", "super( )") == code
        assert code_after(config, tmp_path / file, "* super()", "/ super()") != code


# --- offered by a distribution, and used like our own

PLAN = """
import json
from wganbench.plan.params import load_params
from wganbench.plan.steps import TRAIN
found = {run.id: TRAIN.code(run.configuration) for run in load_params().all_runs()}
print(json.dumps(found))
"""
SMALL = {"generator.width": 8, "critic.width": 8, "iterations": 3, "evaluations": 2, "samples": 20,
         "optimizer.momentum": 0.5}  # fmt: skip


def offered(folder: Path, *modules: str) -> None:
    """Write a distribution's metadata with an entry point for each module."""
    info = folder / "theirs-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: theirs\nVersion: 1.0\n")
    entries = "".join(f"{module.replace('.', '-')} = {module}\n" for module in modules)
    (info / "entry_points.txt").write_text(f"[wganbench.plugins]\n{entries}")


def run(folder: Path, site: Path, *arguments: str) -> str:
    """Run Python in a project's folder with another folder on the path; return the output."""
    path = os.pathsep.join(map(str, (ROOT, site)))
    done = subprocess.run(
        [sys.executable, "-c", *arguments], cwd=folder, env=os.environ | {"PYTHONPATH": path},
        capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


def wganbench(folder: Path, site: Path, *arguments: str) -> str:
    return run(folder, site, "from wganbench.cli import main; main()", *arguments)


def a_project(folder: Path, **changes: object) -> Path:
    (folder / "experiments").mkdir(parents=True)
    base = SMALL | changes.pop("base", {})
    write(folder / "experiments", example(base=base, **changes), "theirs")
    (folder / "params.yaml").write_text("scale: smoke\n")
    return folder


def test_a_distributions_plug_in_is_found_and_its_runs_go_stale_with_its_code(tmp_path):
    site = tmp_path / "site"
    files = a_package(site, "wganbench_y")
    offered(site, "wganbench_y.objective")
    grid = [{"method": "wgan", "objective.name": ["theirs", "wasserstein"]}]
    project = a_project(tmp_path / "project", grid=grid)
    before = json.loads(run(project, site, PLAN))
    theirs, ours = before
    assert theirs.startswith("theirs/wgan-theirs-")
    files["number"].write_text("FACTOR = 4.0\n")
    after = json.loads(run(project, site, PLAN))
    assert after.keys() == before.keys()
    assert (after[theirs] == before[theirs], after[ours] == before[ours]) == (False, True)


def test_an_entry_point_that_leads_nowhere_is_one_line_with_its_distribution(tmp_path):
    offered(tmp_path / "site", "nowhere_at_all.objective")
    project = a_project(tmp_path / "project")
    path = os.pathsep.join(map(str, (ROOT, tmp_path / "site")))
    done = subprocess.run(
        [sys.executable, "-c", "from wganbench.cli import main; main()", "plan"],
        cwd=project, env=os.environ | {"PYTHONPATH": path}, capture_output=True, text=True,
    )  # fmt: skip
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "entry point nowhere_at_all-objective of theirs 1.0: " in done.stderr


@pytest.fixture(scope="module")
def trained_by_theirs(tmp_path_factory) -> tuple[Path, Path]:
    """A project in which all is done for an algorithm without a critic beside one with."""
    folder = tmp_path_factory.mktemp("theirs")
    (folder / "site").mkdir()
    for module in ("toy_algorithms", "toy_critics"):
        shutil.copy(ROOT / "tests" / f"{module}.py", folder / "site")
    offered(folder / "site", "toy_algorithms", "toy_critics")
    axes = {"algorithm": ["adversarial", "fit-mean"], "data.name": ["8gaussians", "digits"]}
    codes = {"method": "wgan", "critic.name": "toy-auto-encoder", "constraint.name": "none",
             "objective.name": ["wasserstein", "toy-reconstructing"]}  # fmt: skip
    project = a_project(folder / "project", grid=[{"method": "wgan"} | axes, codes])
    wganbench(project, folder / "site", "run", "theirs")
    return project, folder / "site"


def runs_of(project: Path, site: Path, algorithm: str) -> list[tuple[Path, dict]]:
    plans = [json.loads(line) for line in wganbench(project, site, "plan", "--json").splitlines()]
    return [
        (project / "results/runs" / planned["id"], planned)
        for planned in plans
        if planned["configuration"]["algorithm"] == algorithm
    ]


def test_an_algorithm_of_theirs_is_trained_measured_and_gathered(trained_by_theirs):
    project, site = trained_by_theirs
    summary = pq.read_table(project / "results/scales/smoke/summary.parquet").to_pylist()
    found = runs_of(project, site, "fit-mean")
    assert {planned["configuration"]["data"]["name"] for _, planned in found} == {
        "8gaussians", "digits",
    }  # fmt: skip
    for folder, planned in found:
        settings = planned["configuration"]
        assert not {"critic", "constraint", "objective", "n_critic"} & settings.keys()
        is_law = settings["data"]["name"] == "8gaussians"
        curves = read_curves(folder / "curves.parquet")
        assert curves["distance"].null_count == curves["estimate"].null_count - len(curves) == 0
        assert curves.filter(curves["is_evaluation"])["iteration"].to_pylist() == [2, 2, 3, 3]
        fidelity = pq.read_table(folder / "fidelity.parquet").to_pylist()
        assert {(row["seed"], row["iteration"]) for row in fidelity} == {
            (0, 2), (1, 2), (0, 3), (1, 3),
        }  # fmt: skip
        assert (folder / "transport.parquet").exists() == is_law
        rows = [row for row in summary if row["id"] == planned["id"]]
        assert [row["seed"] for row in rows] == [0, 1]
        made = json.loads((folder / "run.json").read_text())["provenance"]
        assert made["plugins"] == {"toy_algorithms": "theirs 1.0"}


def test_what_it_leaves_has_nothing_of_a_critic(trained_by_theirs):
    for folder, _ in runs_of(*trained_by_theirs, "fit-mean"):
        with np.load(folder / "samples.npz") as arrays:
            assert set(arrays) == {
                "schema_version", "seeds", "iterations", "valid", "generated", "real",
            }  # fmt: skip
        assert read_samples(folder / "samples.npz").generated.shape[:3] == (2, 2, 20)
        networks = read_networks(folder / "networks.safetensors")
        assert {name.partition(".")[0] for name in networks} == {"generator"}


def test_its_runs_are_up_to_date_and_the_report_shows_them(trained_by_theirs):
    project, site = trained_by_theirs
    for line in wganbench(project, site, "status", "--json").splitlines():
        assert json.loads(line)["state"] == "done", line
    page = (project / "reports/runs.html").read_text()
    for folder, _ in runs_of(project, site, "fit-mean"):
        assert folder.name in page


def test_a_run_of_theirs_is_made_again_from_its_record(trained_by_theirs):
    project, site = trained_by_theirs
    folder, _ = runs_of(project, site, "fit-mean")[0]
    assert "identical" in wganbench(project, site, "replay", str(folder.relative_to(project)))
