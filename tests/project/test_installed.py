"""A newcomer's session: the wheel in an empty environment, no checkout, their method and images.

Libraries are borrowed from the environment that runs the tests: their download takes minutes.
"""

import json
import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import numpy as np
import pytest
from conftest import ROOT
from PIL import Image

pytestmark = pytest.mark.long

BUILT_OF = (
    "wganbench", "Snakefile", "pipelines", "params.yaml", "slurm", "profiles", "pyproject.toml",
    "setup.py", "MANIFEST.in", "README.md", "LICENSE",
)  # fmt: skip
OBJECTIVE = '''
from typing import ClassVar, Literal
from wganbench.objectives import Objective, Quantity


class Hinge(Objective):
    """Of a newcomer."""

    name: Literal["hinge"] = "hinge"
    quantity: ClassVar[Quantity] = Quantity("total variation", "TV", "", 1.0, is_distance=False)

    def critic_loss(self, real, fake):
        return (1 - real).clamp(min=0).mean(-1) + (1 + fake).clamp(min=0).mean(-1)

    def generator_loss(self, fake):
        return -fake.mean(-1)
'''
EXPERIMENT = """
title: Shapes
source: a newcomer's
question: Are they learned?
base:
  data.name: image-folder
  data.folder: shapes
  data.size: 16
  data.labels: folders
  generator.name: dcgan
  generator.width: 4
  critic.name: dcgan
  critic.width: 4
  critic.norm: none
grid:
  - {method: hinge, objective.name: hinge, constraint.name: spectral-norm, optimizer.name: adam,
     optimizer.lr: 2.0e-4, optimizer.beta1: 0.0, optimizer.beta2: 0.9}
scales:
  smoke: {seeds: 2, set: {iterations: 6, evaluations: 2, samples: 24}}
"""


class Installed:
    """The commands of an environment with the wheel, in a folder."""

    def __init__(self, environment: Path, folder: Path) -> None:
        self.bin, self.folder = environment / "bin", folder

    def __call__(self, *command: str, code: int = 0) -> str:
        clean = {k: v for k, v in os.environ.items() if k not in ("PYTHONPATH", "VIRTUAL_ENV")}
        done = subprocess.run(
            [self.bin / command[0], *command[1:]], cwd=self.folder,
            env=clean | {"PATH": f"{self.bin}{os.pathsep}{clean['PATH']}"},
            capture_output=True, text=True,
        )  # fmt: skip
        assert done.returncode == code, done.stdout + done.stderr
        return done.stdout + done.stderr


@pytest.fixture(scope="module")
def environment(tmp_path_factory) -> Path:
    """An environment with the wheel that is built of the checkout, and nothing else of it."""
    folder = tmp_path_factory.mktemp("newcomer")
    uv = [sys.executable, "-m", "uv"]
    for name in BUILT_OF:  # a copy, since building leaves files
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, folder / "source" / name)
    # By way of a source distribution, which has to hold all of it too.
    build = ["build", "--no-build-isolation", "--out-dir", folder / "wheel", folder / "source"]
    subprocess.run([*uv, *build], check=True, capture_output=True)
    env = folder / "env"
    subprocess.run([*uv, "venv", "-q", "--python", sys.executable, env], check=True)
    [site] = env.glob("lib/python*/site-packages")
    (site / "borrowed.pth").write_text(sysconfig.get_paths()["purelib"] + "\n")
    [wheel] = (folder / "wheel").glob("*.whl")
    install = ["pip", "install", "-q", "--no-deps", "--python", env / "bin/python", wheel]
    subprocess.run([*uv, *install], check=True)
    return env


def images(folder: Path) -> None:
    """Write forty images of each of three classes, apart by their colour."""
    rng = np.random.default_rng(0)
    for channel, name in enumerate(("red", "green", "blue")):
        (folder / name).mkdir(parents=True)
        for number in range(40):
            pixels = rng.integers(0, 60, (20, 20, 3), dtype=np.uint8)
            pixels[4:16, 4:16, channel] += 180
            Image.fromarray(pixels).save(folder / name / f"{number}.png")


def test_a_newcomers_session(environment, tmp_path):
    Installed(environment, tmp_path)("wganbench", "init", "mine")
    mine = tmp_path / "mine"
    run = Installed(environment, mine)
    where = run("python", "-P", "-c", "import wganbench; print(wganbench.__file__)").strip()
    assert Path(where).is_relative_to(environment)
    (mine / "plugins/hinge.py").write_text(OBJECTIVE)
    (mine / "experiments/shapes.yaml").write_text(EXPERIMENT)
    images(mine / "raw/shapes")
    assert run("wganbench", "check-plugin", "hinge", "--scale", "smoke").count("  ok: ") == 4

    run("python", "-P", "-m", "snakemake", "--cores", "2", "--config", "scale=smoke")
    assert "4 runs; all done" in run("wganbench", "status", "--scale", "smoke")
    [folder] = (mine / "results/runs/shapes").iterdir()
    assert folder.name in (mine / "reports/runs.html").read_text()
    made = json.loads((folder / "run.json").read_text())["provenance"]
    assert list(made["plugins"]) == ["plugins.hinge"]

    run("wganbench", "sample", f"shapes/{folder.name}", "samples", "-n", "30")
    assert len(list((mine / "samples").iterdir())) == 30
    [data] = (mine / "data").glob("image-folder-*.npz")
    found = json.loads(run("wganbench", "measure", "images", "samples", data.stem, "--json"))
    assert "fid" in json.dumps(found).lower()

    (mine / "plugins/hinge.py").write_text(OBJECTIVE.replace("1 - real", "2 - real"))
    assert "1 to train" in run("wganbench", "status", "--scale", "smoke")
