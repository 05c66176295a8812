"""`wganbench check-plugin` finds what an author cannot see, and nothing where there is nothing."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT
from experiment_files import example, write

PLUGINS = """
from typing import Literal
from wganbench.objectives.wasserstein import Wasserstein

STEPS = [0]


class Sound(Wasserstein):
    name: Literal["sound"] = "sound"

    def critic_loss(self, real, fake):
        return 2 * super().critic_loss(real, fake)


class Meeting(Wasserstein):
    name: Literal["meeting"] = "meeting"

    def generator_loss(self, fake):
        loss = super().generator_loss(fake)
        return loss * loss.mean()


class Drawing(Wasserstein):
    name: Literal["drawing"] = "drawing"

    def generator_loss(self, fake):
        import torch

        return super().generator_loss(fake) * torch.rand(())


class Counting(Wasserstein):
    name: Literal["counting"] = "counting"

    def generator_loss(self, fake):
        STEPS[0] += 1
        return super().generator_loss(fake) * STEPS[0]
"""
NAMES = ["sound", "meeting", "drawing", "counting"]
ALL = """
import json, sys
from wganbench.operations.plugin_check import check_plugin
from wganbench.plan.params import load_params
found = {name: check_plugin(name, load_params())[1] for name in sys.argv[1:]}
print(json.dumps({
    name: {check.rule.partition(":")[0]: check.fault for check in checks}
    for name, checks in found.items()
}))
"""
PLANNING, AGAIN = "planning imports no torch", "trained again it ends in the same numbers"
MEETING, RESUME = "replicas do not meet", "resume is bit-exact, after any iteration"


def python(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-P", "-c", *arguments], cwd=folder,
        env=os.environ | {"PYTHONPATH": str(ROOT)}, capture_output=True, text=True,
    )  # fmt: skip


def wganbench(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return python(folder, "from wganbench.cli import main; main()", *arguments)


@pytest.fixture
def project(tmp_path) -> Path:
    for name in ("experiments", "plugins"):
        (tmp_path / name).mkdir()
    base = {"generator.width": 8, "critic.width": 8, "iterations": 500, "evaluations": 20}
    grid = [{"method": "wgan", "objective.name": NAMES}]
    write(tmp_path / "experiments", example(base=base, grid=grid), "own")
    (tmp_path / "params.yaml").write_text("scale: smoke\n")
    (tmp_path / "plugins/mine.py").write_text(PLUGINS)
    return tmp_path


def test_each_broken_rule_is_found_and_a_sound_plug_in_breaks_none(project):
    done = python(project, ALL, *NAMES)
    assert done.returncode == 0, done.stderr
    broken = {
        name: {rule for rule, fault in rules.items() if fault}
        for name, rules in json.loads(done.stdout).items()
    }
    assert broken["sound"] == set()
    assert broken["meeting"] == {MEETING}
    assert {AGAIN, RESUME} <= broken["drawing"]
    assert {AGAIN, RESUME} <= broken["counting"]


def test_torch_at_the_top_of_a_file_is_told_with_its_line(project):
    (project / "plugins/mine.py").write_text(f"import os\nimport torch\n{PLUGINS}")
    done = wganbench(project, "check-plugin", "sound")
    assert done.returncode == 1, done.stderr
    first, second, *rest = done.stdout.splitlines()
    assert first.startswith("sound, tried for a few iterations in own/wgan-sound-")
    assert second.startswith(f"  broken: {PLANNING}: plugins/mine.py, line 2: ")
    assert all(line.startswith("  ok: ") for line in rest)
    assert len(rest) == 3


@pytest.mark.parametrize(("name", "told"), [
    ("sond", "'sond' is no plug-in; did you mean 'sound'?"),
    ("hjelm", "'hjelm' is no plug-in"),
    ("mmd", "no run of scale smoke uses 'mmd'; name it in an experiment"),
])  # fmt: skip
def test_a_name_that_nothing_has_or_no_run_uses_is_told(name, told, project):
    done = wganbench(project, "check-plugin", name)
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert told in done.stderr
