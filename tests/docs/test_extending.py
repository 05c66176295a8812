"""docs/extending.md: the files on the page, written into a copy of the project, do what it says."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT

PAGE = (ROOT / "docs" / "extending.md").read_text()
FILES = dict(re.findall(r"^`([\w./-]+)`\n\n```\w+\n(.*?)```", PAGE, re.DOTALL | re.MULTILINE))
WGANBENCH = Path(sys.executable).with_name("wganbench")
CLAIM = "r1_less_steep"


def run(project: Path, *arguments: str) -> str:
    """Run the copy's own command line and return its output."""
    done = subprocess.run(
        [WGANBENCH, *arguments],
        cwd=project,
        env=os.environ | {"PYTHONPATH": str(project)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def project(tmp_path_factory) -> Path:
    """Copy the project, its own experiments apart, add the page's files and run its commands."""
    folder = tmp_path_factory.mktemp("extended")
    shutil.copytree(ROOT / "wganbench", folder / "wganbench")
    (folder / "experiments").mkdir()
    shutil.copy(ROOT / "params.yaml", folder)
    for name, content in FILES.items():
        assert not (folder / name).exists(), f"{name} is in the project already"
        (folder / name).write_text(content)
    for command in re.findall(r"^\$ wganbench (.*?)(?: +#.*)?$", PAGE, re.MULTILINE):
        run(folder, *command.split())
    return folder


def verdict(project: Path) -> str:
    claims = json.loads(run(project, "claims", "--scale", "smoke", "--json"))["claims"]
    [claim] = [claim for claim in claims if claim["name"] == CLAIM]
    return str(claim["verdict"])


def test_each_kind_of_extension_is_one_file_in_its_folder():
    assert [str(Path(name).parent) for name in FILES] == [
        "experiments",
        "wganbench/data",
        "wganbench/objectives",
        "wganbench/constraints",
        "wganbench/claims",
    ]


def test_the_experiment_trains_the_new_parts_and_the_report_shows_them(project):
    names = [path.name for path in (project / "results/runs/two-moons").iterdir()]
    parts = [name.rsplit("-", 1)[0] for name in names]
    wanted = {f"moons-{o}-{c}" for o in ("wasserstein", "hinge") for c in ("none", "r1")}
    assert set(parts) == wanted
    page = (project / "reports/index.html").read_text()
    assert all(name in page for name in names)


def test_the_claim_is_judged_and_can_fail(project):
    assert verdict(project) == "reproduced"
    module = project / f"wganbench/claims/{CLAIM}.py"
    told = module.read_text()
    swapped = told.replace("paired(evidence, FREE, PENALISED,", "paired(evidence, PENALISED, FREE,")
    assert swapped != told
    module.write_text(swapped)
    assert verdict(project) == "not reproduced"


def test_the_modules_keep_the_projects_style(project):
    modules = [project / name for name in FILES if name.endswith(".py")]
    shutil.copy(ROOT / "pyproject.toml", project)
    for check in (["check"], ["format", "--check"]):
        done = subprocess.run(
            ["ruff", *check, *modules], cwd=project, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stdout
