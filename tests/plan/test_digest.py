"""The digest of the code behind a run, on a copy of the package; and what planning imports."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import ROOT

DIGESTS = """
import json
from wganbench.plan.params import load_params
from wganbench.plan.measurements.transport import ROW as TRANSPORT
from wganbench.plan.steps import DATA_SET, TRAIN
runs = {}
for run in load_params("laptop").all_runs():
    c = run.configuration
    runs[run.id] = [c.resolved(), TRAIN.code(c), DATA_SET.code(c.data), TRANSPORT.code_on(run)]
print(json.dumps(runs))
"""
ONE_SIDED = '''
from typing import Literal
from wganbench.constraints.gradient_penalty import GradientPenalty


class OneSided(GradientPenalty):
    """Punishes norms above one only."""

    name: Literal["one-sided"] = "one-sided"
    margin: float = 0.0
'''


class Copy:
    """A copy of the package with the project's experiments."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        litter = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / "wganbench", folder / "wganbench", ignore=litter)
        shutil.copytree(ROOT / "experiments", folder / "experiments")
        shutil.copy(ROOT / "params.yaml", folder)

    def run(self, code: str) -> str:
        """Run code on the copy and return what it prints."""
        environment = os.environ | {"PYTHONPATH": str(self.folder), "PYTHONDONTWRITEBYTECODE": "1"}
        command = [sys.executable, "-c", code]
        done = subprocess.run(
            command, cwd=self.folder, env=environment, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def digests(self) -> dict[str, list]:
        """Return configuration, training code, data code and transport's code of each run."""
        return json.loads(self.run(DIGESTS))

    def append(self, module: str, text: str = "\n# changed\n") -> None:
        with (self.folder / "wganbench" / module).open("a") as file:
            file.write(text)


@pytest.fixture
def copy(tmp_path) -> Copy:
    return Copy(tmp_path)


@pytest.fixture(scope="module")
def original(tmp_path_factory) -> dict[str, list]:
    return Copy(tmp_path_factory.mktemp("original")).digests()


def names(part: str, *named: str) -> Callable[[dict], bool]:
    return lambda configuration: configuration[part]["name"] in named


def either_net(*named: str) -> Callable[[dict], bool]:
    return lambda c: c["generator"]["name"] in named or c["critic"]["name"] in named


CHANGES = [
    ("constraints/clip.py", names("constraint", "clip")),
    (
        "constraints/gradient_penalty.py",
        names("constraint", "gradient-penalty", "one-sided-penalty"),
    ),
    ("constraints/one_sided_penalty.py", names("constraint", "one-sided-penalty")),
    ("objectives/gan.py", names("objective", "minimax", "non-saturating")),
    ("nets/dcgan.py", either_net("dcgan")),
    ("nets/gp_dcgan.py", either_net("gp-dcgan")),
    ("nets/images.py", either_net("dcgan", "gp-dcgan", "resnet", "deep-resnet")),
    ("data/swiss_roll.py", names("data", "swissroll", "noisy-law")),
    ("transport/funnels.py", names("data", "funnels")),
    ("training/steps.py", lambda c: True),
    ("nets/layers/linear.py", lambda c: True),
    ("plan/grid.py", lambda c: False),
]


@pytest.mark.parametrize(("module", "uses"), CHANGES, ids=[module for module, _ in CHANGES])
def test_a_changed_module_changes_exactly_the_runs_that_use_it(copy, original, module, uses):
    copy.append(module)
    before, after = original, copy.digests()
    assert after.keys() == before.keys()
    changed = {run for run in before if after[run][1] != before[run][1]}
    assert changed == {run for run, (c, *_) in before.items() if uses(c)}
    data_changed = {run for run in before if after[run][2] != before[run][2]}
    assert data_changed == (changed if module.startswith(("data/", "transport/")) else set())


def test_a_new_module_is_a_new_constraint_and_changes_no_other_run(copy, original):
    before = original
    (copy.folder / "wganbench/constraints/one_sided.py").write_text(ONE_SIDED)
    (copy.folder / "wganbench/constraints/.one_sided.py.swp").write_text("an editor's")
    assert copy.digests() == before
    path = copy.folder / "experiments/toy-grid.yaml"
    path.write_text(
        path.read_text().replace(
            "grid:\n",
            "grid:\n  - {method: wgan, data.name: swissroll, constraint.name: one-sided}\n",
        )
    )
    with_it = copy.digests()
    (new,) = with_it.keys() - before.keys()
    assert with_it[new][0]["constraint"] == {
        "name": "one-sided", "penalty_weight": 10.0, "margin": 0.0,
        "points": "interpolates", "norm_over": "sample",
    }  # fmt: skip
    assert {run: with_it[run] for run in before} == before
    # It derives from the gradient penalty, so that one's code is its code too.
    copy.append("constraints/gradient_penalty.py")
    assert copy.digests()[new][1] != with_it[new][1]


def test_a_measurements_digest_follows_its_code_and_its_law_and_no_litter(copy, original):
    (copy.folder / "wganbench/transport/__pycache__").mkdir()
    (copy.folder / "wganbench/transport/__pycache__/x.pyc").write_text("compiled")
    (copy.folder / "wganbench/transport/.hidden").write_text("hidden")
    assert copy.digests() == original
    copy.append("data/swiss_roll.py")
    rolls = {run for run, (c, *_) in original.items() if names("data", "swissroll", "noisy-law")(c)}
    changed = copy.digests()
    assert {run for run in original if changed[run][3] != original[run][3]} == rolls
    copy.append("transport/exact.py")
    assert all(digests[3] != changed[run][3] for run, digests in copy.digests().items())


HEAVY = {"torch", "torchvision", "lmdb", "PIL", "torch_fidelity", "sklearn", "pandas",
         "scipy", "ot", "pyarrow", "seaborn", "matplotlib", "jaxtyping", "snakemake",
         "dvc"}  # fmt: skip


@pytest.mark.parametrize(
    "arguments", [["plan"], ["plan", "--json", "--scale", "paper"], ["--help"]]
)
def test_planning_imports_nothing_heavy(arguments):
    code = (
        "import sys\nfrom wganbench.cli import main\n"
        f"sys.argv = ['wganbench', *{arguments!r}]\n"
        "try:\n    main()\nfinally:\n    print('|', *sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    modules = set(done.stdout.rpartition("|")[2].split())
    assert "wganbench.cli" in modules
    assert not modules & HEAVY


@pytest.mark.parametrize(
    ("module", "makes_stale"),
    [
        ("claims/weights_at_ends.py", {"claims"}),
        ("transport/potentials.py", {"claims"}),
        ("gather/load.py", {"claims", "report"}),
        ("report/site/pages.py", {"report"}),
    ],
)
def test_what_judges_and_what_reports_go_stale_apart(copy, original, module, makes_stale):
    code = """
from wganbench.plan.steps import CLAIMS, REPORT
print(CLAIMS.code(), REPORT.code())
"""
    before = copy.run(code).split()
    copy.append(module)
    changed = [a != b for a, b in zip(before, copy.run(code).split(), strict=True)]
    assert {n for n, c in zip(("claims", "report"), changed, strict=True) if c} == makes_stale
    assert copy.digests() == original  # no run goes stale by it
