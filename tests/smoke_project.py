"""The real workflow at scale smoke, through Snakemake, in a folder with a space in its name."""

import shutil
import subprocess
import sys
from pathlib import Path

from hostile_texts import poison_experiment, poison_run

SOURCES = ("Snakefile", "pipelines", "experiments", "params.yaml", "profiles")
BIN = Path(sys.executable).parent


def make_smoke_project(root: Path, parent: Path) -> Path:
    """Make everything in a copy of the project's sources below `parent`; return its folder.

    An experiment and a run have hostile texts, so that the one report shows what becomes of them.
    """
    folder = copy_sources(root, parent / "with a space")
    poison_experiment(folder)
    snakemake(folder, "runs")
    poison_run(folder)
    snakemake(folder)
    return folder


def copy_sources(root: Path, folder: Path) -> Path:
    """Copy what Snakemake needs and return the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in SOURCES:
        source = root / name
        copy = shutil.copytree if source.is_dir() else shutil.copy
        copy(source, folder / name)
    return folder


def snakemake(folder: Path, *arguments: str) -> str:
    """Run Snakemake as a user would and return what it said."""
    command = [BIN / "snakemake", "--cores", "2", *arguments, "--config", "scale=smoke"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stderr[-5000:]
    return done.stdout + done.stderr
