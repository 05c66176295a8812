"""`plugins/*.py` beside `experiments/`: found, part of a run's code, named where they are wrong."""

import json
import os
import re
import subprocess
import sys
from hashlib import sha256
from itertools import pairwise
from pathlib import Path

import pytest
from conftest import ROOT
from experiment_files import SMALL, example, write

OBJECTIVE = '''
from typing import Literal
from wganbench.objectives.wasserstein import Wasserstein
from plugins._factor import FACTOR


class Mine(Wasserstein):
    """A student's."""

    name: Literal["mine"] = "mine"

    def generator_loss(self, fake):
        return FACTOR * super().generator_loss(fake)
'''
ALGORITHM = """
from typing import Literal
from wganbench.algorithms.adversarial import Adversarial


class Slowly(Adversarial):
    name: Literal["slowly"] = "slowly"
"""
CLAIM = """
from wganbench.claims.judging.claim import Claim
from wganbench.claims.judging.pairs import cells


def effects(evidence):
    ends = evidence.at_end({"objective.name": "mine"}, "gradient_norm_max")
    return cells(ends, ends["value"])


CLAIM = Claim(
    source="a student's", statement="The critic is steep.", statistic="largest gradient norm",
    effects=effects, direction="at least", threshold=0.0, reason="an example",
)
"""
# Prints digests of code: as they are, and after each further file has got a line more.
ASKED = """
import json, sys
from pathlib import Path
from wganbench import offered
from wganbench.plan.params import load_params
from wganbench.plan.steps import CLAIMS, TRAIN
from wganbench.plugins import code

runs = {run.name.rpartition("-")[0]: run for run in load_params().all_runs()}
for name in ("", *sys.argv[1:]):
    if name:
        with Path("plugins", name).open("a") as file:
            file.write(Path("claim.txt").read_text() if name == "steep.py" else "MORE = 1\\n")
    for function in (*vars(code).values(), offered.offers, offered._parsed):
        getattr(function, "cache_clear", int)()
    found = {key: TRAIN.code(run.configuration) for key, run in runs.items()}
    print(json.dumps({"claims": CLAIMS.code(), **found}))
assert "pandas" not in sys.modules, "a claim was imported"
"""


def project(folder: Path, **files: str) -> Path:
    """Write a project with an experiment on the student's objective beside a built-in one."""
    (folder / "experiments").mkdir(parents=True)
    (folder / "plugins").mkdir()
    grid = [{"method": "wgan", "objective.name": ["mine", "wasserstein"]}]
    write(folder / "experiments", example(base=SMALL, grid=grid), "own")
    (folder / "params.yaml").write_text("scale: smoke\n")
    for name, content in {"mine": OBJECTIVE, "_factor": "FACTOR = 2.0\n", **files}.items():
        (folder / "plugins" / f"{name}.py").write_text(content)
    return folder


def python(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(
        [sys.executable, "-P", "-c", *arguments],
        cwd=folder, env=environment, capture_output=True, text=True,
    )  # fmt: skip


def wganbench(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return python(folder, "from wganbench.cli import main; main()", *arguments)


def changed(folder: Path, *files: str) -> list[set[str]]:
    """Return whose code is another after a line more in each file, one after the other."""
    (folder / "claim.txt").write_text(CLAIM)
    done = python(folder, ASKED, *files)
    assert done.returncode == 0, done.stderr
    found = [json.loads(line) for line in done.stdout.splitlines()]
    return [{key for key in a if a[key] != b[key]} for a, b in pairwise(found)]


def test_a_runs_code_is_its_plug_ins_file_and_what_that_imports_or_may_read(tmp_path):
    folder = project(tmp_path / "own", slowly=ALGORITHM)
    files = ("mine.py", "_factor.py", "weights.csv", "slowly.py", "steep.py")
    of_no_run = [set(), {"claims"}]  # and a claim is not imported for that
    assert changed(folder, *files) == [{"wgan-mine"}] * 3 + of_no_run


def test_a_folder_that_is_no_projects_runs_no_code(tmp_path):
    folder = project(tmp_path / "own", broken="raise SystemExit('was run')\n")
    (folder / "params.yaml").unlink()
    done = wganbench(folder, "schema", "params")
    assert done.returncode == 0, done.stderr


def test_own_plug_ins_train_and_the_record_names_their_files(tmp_path):
    folder = project(tmp_path / "own", slowly=ALGORITHM, steep=CLAIM)
    done = wganbench(folder, "run", "own", "--no-report")
    assert done.returncode == 0, done.stderr
    records = {
        path.parent.name.rpartition("-")[0]: json.loads(path.read_text())["provenance"]["plugins"]
        for path in (folder / "results/runs/own").glob("*/run.json")
    }
    digest = sha256((folder / "plugins/mine.py").read_bytes()).hexdigest()
    assert records == {
        "wgan-mine": {"plugins.mine": f"sha256 {digest}"}, "wgan-wasserstein": {},
    }  # fmt: skip
    done = wganbench(folder, "claims", "--json")
    [claim] = [claim for claim in json.loads(done.stdout)["claims"] if claim["name"] == "steep"]
    assert claim["statement"] == "The critic is steep."
    assert claim["contexts"], "it was held against the run"


SAME = OBJECTIVE.replace("class Mine", "class Again")
MISTAKES = {
    "no Python": ({"mine": "import os\ndef f(:\n"}, "plugins/mine.py, line 2: ", "syntax"),
    "an error": ({"mine": "import os\n1 / 0\n"}, "plugins/mine.py, line 2: ", "ZeroDivisionError"),
    "a helper's": ({"_factor": "\nimport nowhere_at_all\n"}, "plugins/_factor.py, line 2: ",
                   "nowhere_at_all"),
    "an end": ({"mine": "raise SystemExit(3)\n"}, "plugins/mine.py, line 1: ", "SystemExit"),
    "two of one name": ({"other": SAME}, "plugins/other.py, class Again: name 'mine'",
                        "plugins/mine.py, class Mine"),
    "one of ours": ({"mine": OBJECTIVE.replace('"mine"', '"wasserstein"')},
                    "plugins/mine.py, class Mine: name 'wasserstein'", "objectives/wasserstein.py"),
    "beside an algorithm": ({"mine": OBJECTIVE + ALGORITHM}, "plugins/mine.py, class Mine: ",
                            "move it into a file of its own"),
    "no module": ({"my-loss": ""}, "plugins/my-loss.py: ", "rename it"),
}  # fmt: skip


@pytest.mark.parametrize("mistake", MISTAKES)
def test_what_is_wrong_with_a_plug_in_is_one_line_that_names_its_file(mistake, tmp_path):
    files, begins, holds = MISTAKES[mistake]
    done = wganbench(project(tmp_path / "own", **files), "plan")
    assert done.returncode == 2
    assert done.stderr.startswith(f"wganbench: {begins}"), done.stderr
    assert holds in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_claim_named_as_one_of_ours_is_refused(tmp_path):
    folder = project(tmp_path / "own", no_default=CLAIM)
    judged = "from wganbench.claims.judging.catalogue import catalogue; catalogue()"
    assert re.search(
        r"UserError: plugins/no_default.py: is named as .+/wganbench/claims/no_default.py is; ",
        python(folder, judged).stderr,
    )
