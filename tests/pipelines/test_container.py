"""With `--software-deployment-method apptainer` each job runs in the image.

Apptainer is not among Debian's packages. In its place stands a program that writes its command line
down and does what it is asked to, with the programs of an "image" first.
"""

import os
import re
import subprocess
from pathlib import Path

import pytest
import yaml
from conftest import ROOT
from packaging.specifiers import SpecifierSet
from packaging.version import Version
from smoke_project import BIN, copy_sources

pytestmark = pytest.mark.workflow
DEFINITION = ROOT / "pipelines/container.def"
IN_IMAGE = ["--software-deployment-method", "apptainer"]
APPTAINER = """#!/bin/bash
[ "$1" = --version ] && echo apptainer version 1.3.4 && exit
printf '%s\\n' "${@:1:$#-1}" >> '{folder}/asked'
exec env PATH='{folder}/image':/usr/bin:/bin APPTAINER_CONTAINER=image "${@: -3}"
"""
PROGRAM = """#!/bin/sh
echo "$PYTHONPATH" >> '{folder}/used'
exec '{bin}/wganbench' "$@"
"""


def executable(path: Path, text: str, **names: object) -> None:
    path.parent.mkdir(exist_ok=True)
    for name, value in names.items():
        text = text.replace(f"{{{name}}}", str(value))
    path.write_text(text)
    path.chmod(0o755)


@pytest.fixture
def project(tmp_path) -> Path:
    executable(tmp_path / "bin/apptainer", APPTAINER, folder=tmp_path)
    executable(tmp_path / "image/wganbench", PROGRAM, folder=tmp_path, bin=BIN)
    return copy_sources(ROOT, tmp_path / "project")


def snakemake(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [BIN / "snakemake", *IN_IMAGE, "--cores", "1", *arguments, "--config", "scale=smoke"]
    environment = os.environ | {"PATH": f"{folder.parent / 'bin'}:{os.environ['PATH']}"}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)


def test_without_the_image_it_is_asked_for_before_anything_runs(project):
    done = snakemake(project, "--dry-run", "data/swissroll.npz")
    assert done.returncode != 0
    said = done.stdout + done.stderr
    assert "wganbench.sif: is missing" in said
    assert "apptainer build wganbench.sif pipelines/container.def" in said
    assert "Traceback" not in said


def test_a_job_runs_the_images_program_on_a_checkouts_code_without_a_server(project):
    (project / "wganbench.sif").touch()
    (project / "wganbench").symlink_to(ROOT / "wganbench")
    done = snakemake(project, "data/swissroll.npz")
    assert done.returncode == 0, done.stderr[-5000:]
    assert (project / "data/swissroll.npz").exists()
    asked = (project.parent / "asked").read_text().splitlines()
    assert asked[:3] == ["exec", "--home", str(project)]
    assert asked[-3:] == ["wganbench.sif", "bash", "-c"]
    assert (project.parent / "used").read_text().splitlines() == [str(project)]
    assert not (project / "scratch/server.log").exists()


def test_the_image_has_the_python_of_the_other_environment_and_all_that_it_is_set_up_from():
    text = DEFINITION.read_text()
    (python,) = re.findall(r"^From: python:(\d+\.\d+)-slim-\w+$", text, re.M)
    environment = yaml.safe_load((ROOT / "pipelines/environment.yaml").read_text())
    assert f"python ={python}" in environment["dependencies"]
    (supported,) = re.findall(r'requires-python = "(.*)"', (ROOT / "pyproject.toml").read_text())
    assert Version(python) in SpecifierSet(supported)
    copied = re.findall(r"^    (\S+) /opt/wganbench/(\S+)$", text, re.M)
    assert all(source == place and (ROOT / source).exists() for source, place in copied)
    setup = (ROOT / "Makefile").read_text().partition("setup:")[2].partition("\nreproduce:")[0]
    for needed in ("requirements.lock", "pyproject.toml"):
        assert needed in setup
    assert {"Makefile", "requirements.lock", "pyproject.toml"} <= {source for source, _ in copied}
