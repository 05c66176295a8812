"""A new measurement is a folder and its row: added to a copy of the project, all see it."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT
from experiment_files import example, write

pytestmark = pytest.mark.workflow
BIN = Path(sys.executable).parent
SMALL = {"generator.width": 8, "critic.width": 8, "iterations": 3, "evaluations": 2, "samples": 20}
MEASURE = '''"""`spread.parquet`: how far apart a run's saved samples lie."""

import numpy as np
import pyarrow as pa

from wganbench.files import sha256_of
from wganbench.plan.measurements.spread import ROW
from wganbench.grey_levels import floats_of
from wganbench.records.samples import read_samples
from wganbench.records.tables import read_table, schema, write_table

SCHEMA = schema(
    "spread",
    1,
    [
        pa.field("seed", pa.int64(), nullable=False),
        pa.field("iteration", pa.int64(), nullable=False),
        pa.field("spread", pa.float64(), metadata={"about": "standard deviation of the samples"}),
    ],
)


def measure(run, folder):
    """Write a row for every seed and evaluation point."""
    samples = read_samples(folder / "samples.npz", run)
    rows = [
        {
            "seed": int(samples.seeds[s]),
            "iteration": int(samples.iterations[e]),
            "spread": float(floats_of(samples.generated[s, e]).std()),
        }
        for s, e in np.argwhere(samples.valid)
    ]
    path, code = folder / ROW.file, ROW.code_on(run)
    write_table(rows, SCHEMA, path, code, run.digest, source(run, folder))


def source(run, folder):
    """Return the digest of the samples."""
    return sha256_of(folder / "samples.npz")


def read(path, run=None):
    """Return the table."""
    return read_table(path, SCHEMA, "run `wganbench spread` for this run again", run)
'''
ROW = '''"""How far apart samples lie."""

from wganbench.plan.step import Measurement, at_scales, in_run

ROW = Measurement(
    name="spread",
    about="Measure how far apart a trained run's samples lie.",
    modules=("wganbench.spread.measure",),
    reader="wganbench.spread.measure:read",
    reads=in_run("samples.npz"),
    memory=at_scales(1000, 1000, 1000, 1000),
    minutes=at_scales(10, 10, 10, 10),
)
'''


class Project:
    """A copy of the project with a small experiment, and its own copy of the package."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        litter = shutil.ignore_patterns("__pycache__")
        for name in ("wganbench", "pipelines", "profiles"):
            shutil.copytree(ROOT / name, folder / name, ignore=litter)
        shutil.copy(ROOT / "Snakefile", folder)
        (folder / "params.yaml").write_text("scale: smoke\n")
        (folder / "experiments").mkdir()
        write(folder / "experiments", example(base=SMALL, grid=[{"method": ["wgan"]}]))

    def run(self, *command: str, code: int = 0) -> str:
        environment = os.environ | {
            "PYTHONPATH": str(self.folder),
            "PATH": f"{BIN}:{os.environ['PATH']}",
        }
        done = subprocess.run(
            command, cwd=self.folder, env=environment, capture_output=True, text=True, timeout=600
        )
        assert done.returncode == code, done.stdout + done.stderr
        return done.stdout + done.stderr

    def add(self) -> None:
        """Add the measurement: a folder and a row."""
        package = self.folder / "wganbench/spread"
        package.mkdir()
        (package / "__init__.py").write_text('"""How far apart samples lie."""\n')
        (package / "measure.py").write_text(MEASURE)
        (self.folder / "wganbench/plan/measurements/spread.py").write_text(ROW)

    def status(self) -> tuple[str, str]:
        """Return the state of the only run, and why."""
        (line,) = self.run("wganbench", "status", "--json").splitlines()
        found = json.loads(line)
        return found["state"], found["note"]

    def jobs(self) -> dict[str, int]:
        """Return how many jobs of each rule Snakemake would run."""
        said = self.run("snakemake", "runs", "--dry-run")
        table = said.partition("Job stats:")[2].partition("total")[0]
        found = {name: int(n) for name, n in re.findall(r"^(\w+) +(\d+)$", table, re.M)}
        found.pop("runs", None)
        return found

    @property
    def results(self) -> Path:
        (folder,) = (self.folder / "results/runs/example").iterdir()
        return folder


@pytest.fixture(scope="module")
def project(tmp_path_factory) -> Project:
    """A project in which all was made before the measurement was added."""
    project = Project(tmp_path_factory.mktemp("measurement") / "project")
    project.run("snakemake", "runs", "--cores", "2")
    assert project.status() == ("done", "")
    project.add()
    return project


def test_it_alone_is_missing_and_nothing_else_is_stale(project):
    assert project.status() == ("to measure", "spread.parquet missing")
    assert project.jobs() == {"spread": 1}
    assert project.run("wganbench", "prune") == ""


def test_snakemake_run_and_its_own_command_make_the_same_file(project):
    path = project.results / "spread.parquet"
    made = []
    for command in (
        ("wganbench", "run", "example", "--no-report"),
        ("wganbench", "spread", f"example/{project.results.name}"),
        ("snakemake", "runs", "--cores", "2"),
    ):
        path.unlink(missing_ok=True)
        project.run(*command)
        made.append(path.read_bytes())
        assert project.status() == ("done", "")
    assert made[0] == made[1] == made[2]
    assert "how far apart a trained run's samples lie" in project.run(
        "wganbench", "spread", "--help"
    )


def test_verify_reads_it_and_run_makes_a_damaged_one_again(project):
    path = project.results / "spread.parquet"
    whole = path.read_bytes()
    assert "every file is readable" in project.run("wganbench", "verify")
    path.write_bytes(whole[:-1])
    assert "spread.parquet: is damaged" in project.run("wganbench", "verify", code=1)
    assert ": measured spread in " in project.run("wganbench", "run", "example", "--no-report")
    assert path.read_bytes() == whole


def test_training_excludes_it_and_a_job_of_it_is_known(project):
    code = (
        "from wganbench.operations.processes import is_job\n"
        "from wganbench.plan.steps import TRAIN\n"
        "print('spread' in TRAIN.locks, is_job(['wganbench', 'spread', 'example/x']))"
    )
    assert project.run(sys.executable, "-c", code).split() == ["True", "True"]


def test_changed_code_makes_it_alone_stale(project):
    project.run("snakemake", "runs", "--cores", "2", "--forcerun", "spread")
    module = project.folder / "wganbench/spread/measure.py"
    module.write_text(module.read_text().replace(".std()", ".std() * 2"))
    assert project.status() == (
        "to measure",
        "spread.parquet: the code that measured it has changed",
    )
    assert project.jobs() == {"spread": 1}
    pruned = [line for line in project.run("wganbench", "prune").splitlines() if ": " in line]
    assert len(pruned) == 1
    assert pruned[0].endswith("spread.parquet: the code that measured it has changed")
