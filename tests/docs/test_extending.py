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

from wganbench.records.curves import read_curves

PAGE = (ROOT / "docs" / "extending.md").read_text()
FILES = dict(re.findall(r"^`([\w./-]+)`\n\n```\w+\n(.*?)```", PAGE, re.DOTALL | re.MULTILINE))
WGANBENCH = Path(sys.executable).with_name("wganbench")
CLAIM = "r1_less_steep"
TOGETHER = ("wganbench/plan/measurements/energy.py", "wganbench/transport/energy.py")


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


# What is in the project before: of every kind that the page's files could touch.
BEFORE = ("toy-grid", "wgan-fig2")


@pytest.fixture(scope="module")
def project(tmp_path_factory) -> Path:
    """Copy the project, make some experiments, add the page's files one by one, run its commands.

    After each file all that was made before is still what the plan asks for.
    """
    folder = tmp_path_factory.mktemp("extended")
    shutil.copytree(ROOT / "wganbench", folder / "wganbench")
    for name in ("experiments", "plugins"):
        (folder / name).mkdir()
    for name in BEFORE:
        shutil.copy(ROOT / f"experiments/{name}.yaml", folder / "experiments")
    shutil.copy(ROOT / "params.yaml", folder)
    run(folder, "run", *BEFORE, "--scale", "smoke", "--no-report")
    before = statuses(folder)
    assert set(before.values()) == {"done"}
    # The experiment names what the other files define.
    later = (*[name for name in FILES if name.endswith(".yaml")], *TOGETHER)
    for name in [*(name for name in FILES if name not in later), *later]:
        assert not (folder / name).exists(), f"{name} is in the project already"
        (folder / name).write_text(FILES[name])
        # A measurement is a row and its code; the row alone has nothing to measure by.
        if name not in TOGETHER or name == TOGETHER[-1]:
            now = statuses(folder)
            changed = {run_id for run_id in before if now[run_id] != before[run_id]}
            assert not changed or name in TOGETHER, f"{name} touches {sorted(changed)}"
    # A new measurement applies to what is trained already, and is all that is missing there.
    assert {now[run_id] for run_id in before} == {"to measure"}
    for command in re.findall(r"^\$ wganbench (.*?)(?: +#.*)?$", PAGE, re.MULTILINE):
        run(folder, *command.split(), *(BEFORE if command.startswith("run") else ()))
    return folder


def statuses(project: Path) -> dict[str, str]:
    """Return the state of every run by its id."""
    lines = run(project, "status", "--scale", "smoke", "--json").splitlines()
    return {status["run"]: status["state"] for status in map(json.loads, lines)}


def verdict(project: Path) -> str:
    """Return what the claims command said last."""
    claims = json.loads((project / "results/scales/smoke/claims.json").read_text())["claims"]
    [claim] = [claim for claim in claims if claim["name"] == CLAIM]
    return str(claim["verdict"])


def test_each_kind_of_extension_is_a_file_or_two_in_their_folders():
    assert [str(Path(name).parent) for name in FILES] == [
        "experiments",
        "wganbench/data",
        "wganbench/objectives",
        "wganbench/constraints",
        "wganbench/algorithms",
        "wganbench/plan/measurements",
        "wganbench/transport",
        "wganbench/gather/measures",
        "wganbench/claims",
        "wganbench/papers",
        "plugins",
    ]


def test_what_stands_in_plugins_is_chosen_by_its_name_like_the_rest(project):
    assert '"hinge-twice"' in run(project, "schema")


def test_the_experiment_trains_the_new_parts_and_the_report_shows_them(project):
    folders = list((project / "results/runs/two-moons").iterdir())
    parts = [folder.name.rsplit("-", 1)[0] for folder in folders]
    wanted = {f"moons-{o}-{c}" for o in ("wasserstein", "hinge") for c in ("none", "r1")}
    assert set(parts) == wanted | {"mean-fit-mean-fit"}
    page = (project / "reports/runs.html").read_text()
    assert all(folder.name in page for folder in folders)


def test_an_algorithm_without_a_critic_leaves_its_own_column_and_no_estimate(project):
    (folder,) = (project / "results/runs/two-moons").glob("mean-fit-*")
    curves = read_curves(folder / "curves.parquet").to_pandas()
    assert curves["mean_distance"].notna().all()
    assert curves["estimate"].isna().all()
    ends = curves.groupby("seed")["mean_distance"]
    assert (ends.last() < ends.first()).all()


def test_an_objectives_divergence_is_recorded(project):
    (folder,) = (project / "results/runs/two-moons").glob("moons-hinge-r1-*")
    divergence = read_curves(folder / "curves.parquet").to_pandas()["divergence"]
    assert divergence.notna().all()
    assert (divergence <= 1).all()


def test_the_measurement_lies_beside_every_run_and_is_gathered(project):
    tables = list((project / "results/runs").glob("*/*/energy.parquet"))
    assert len(tables) == len(list((project / "results/runs").glob("*/*/run.json")))
    code = (
        "from wganbench.gather.load import load_results\n"
        "from wganbench.plan.params import load_params\n"
        "from wganbench.records.layout import RUNS\n"
        "found = load_results(load_params('smoke').all_runs(), RUNS).evaluations\n"
        "print(found['energy_distance'].notna().all())"
    )
    environment = os.environ | {"PYTHONPATH": str(project)}
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, cwd=project, env=environment, capture_output=True, text=True)
    assert done.stdout.strip() == "True", done.stderr


def test_the_paper_has_its_page_with_its_figure_and_every_page_links_it(project):
    page = (project / "reports/moons.html").read_text()
    assert "Distance between the means of generated and real samples" in page
    assert page.count("<svg") >= 1
    assert all('href="moons.html"' in p.read_text() for p in (project / "reports").glob("*.html"))


def test_the_claim_is_judged_and_can_fail(project):
    assert verdict(project) == "reproduced"
    module = project / f"wganbench/claims/{CLAIM}.py"
    text = module.read_text()
    swapped = text.replace("paired(evidence, FREE, PENALISED,", "paired(evidence, PENALISED, FREE,")
    assert swapped != text
    module.write_text(swapped)
    run(project, "claims", "--scale", "smoke")
    assert verdict(project) == "not reproduced"


def test_the_modules_keep_the_projects_style(project):
    modules = [project / name for name in FILES if name.endswith(".py")]
    shutil.copy(ROOT / "pyproject.toml", project)
    for check in (["check"], ["format", "--check"]):
        done = subprocess.run(
            ["ruff", *check, *modules], cwd=project, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stdout
