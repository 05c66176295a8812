"""DVC around Snakemake, for real: a git repository of its own, a cut-down grid at scale smoke."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from conftest import ROOT

from wganbench.files import sha256_of
from wganbench.operations.processes import NAMES

pytestmark = pytest.mark.workflow
SOURCES = ("Snakefile", "pipelines", "params.yaml", "profiles", "wganbench", "dvc.yaml",
           ".dvcignore", ".gitignore", "raw/.gitignore", ".dvc/config", ".dvc/.gitignore",
           ".dvc/plots")  # fmt: skip
GRID = Path("experiments/toy-grid.yaml")
METRICS = "results/scales/smoke/metrics.json"
BIN = Path(sys.executable).parent
QUIET = "nothing to be done"


class Project:
    """A clone of the project, and its tools as a user runs them there."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def run(self, *command: str, code: int = 0) -> str:
        """Run a command in the project and return all that it says."""
        # The project's own copy of the package, so that a test may change it.
        environment = os.environ | {
            "PATH": f"{BIN}:{os.environ['PATH']}",
            "PYTHONPATH": str(self.folder),
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a@example.org",
            "GIT_COMMITTER_NAME": "a", "GIT_COMMITTER_EMAIL": "a@example.org",
        }  # fmt: skip
        done = subprocess.run(
            command, cwd=self.folder, env=environment, capture_output=True, text=True, timeout=600
        )
        said = done.stdout + done.stderr
        assert done.returncode == code, said[-5000:]
        return said

    def git(self, *arguments: str) -> str:
        return self.run("git", *arguments)

    def dvc(self, *arguments: str) -> str:
        return self.run("dvc", *arguments)

    def commit(self, message: str) -> None:
        self.git("add", "--all")
        self.git("commit", "--quiet", "-m", message)

    def reproduce(self) -> dict[str, int]:
        """Run `dvc repro` and return how many jobs of each rule Snakemake ran in it."""
        said = self.dvc("repro")
        jobs = re.findall(rf"^({'|'.join(NAMES)}) +(\d+)$", said, re.M)
        return {name: int(number) for name, number in jobs}

    def is_up_to_date(self) -> bool:
        """Ask Snakemake and DVC, neither of which has anything to do."""
        snakemake = self.run("snakemake", "--dry-run").lower()
        return QUIET in snakemake and "up to date" in self.dvc("status")

    def runs(self) -> dict[str, Path]:
        """Return the run folders by their names without the digest."""
        folders = (self.folder / "results/runs/toy-grid").iterdir()
        return {folder.name.rpartition("-")[0]: folder for folder in folders}

    def summary(self) -> list[str]:
        return (self.folder / "results/scales/smoke/summary.csv").read_text().splitlines()[1:]

    def change(self, path: Path, change: Callable[[dict], None]) -> None:
        """Change a YAML file's content."""
        content = yaml.safe_load((self.folder / path).read_text())
        change(content)
        (self.folder / path).write_text(yaml.safe_dump(content, sort_keys=False))


def smoke_only(experiment: dict) -> None:
    experiment["scales"] = {"smoke": experiment["scales"]["smoke"]}


def gentler_penalty(experiment: dict) -> None:
    experiment["overrides"][0]["set"]["constraint.penalty_weight"] = 0.2


def one_seed(experiment: dict) -> None:
    experiment["scales"]["smoke"]["seeds"] = 1


def flip_a_byte(path: Path) -> None:
    """Flip one bit in the middle of a file, whose size and date stay as they were."""
    times = path.stat()
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))


@pytest.fixture(scope="module")
def original(tmp_path_factory) -> Project:
    """A project that was reproduced from nothing, recorded and pushed to a remote elsewhere."""
    project = Project(tmp_path_factory.mktemp("dvc") / "a project")
    for name in SOURCES:
        source, target = ROOT / name, project.folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, target)
    (project.folder / "experiments").mkdir()
    shutil.copy(ROOT / GRID, project.folder / GRID)
    project.change(GRID, smoke_only)
    project.change(Path("params.yaml"), lambda params: params.update(scale="smoke"))
    project.git("init", "--quiet", "--initial-branch", "main")
    remote = tmp_path_factory.mktemp("remote") / "another path"
    project.dvc("remote", "modify", "storage", "url", str(remote))
    project.commit("The project")
    assert project.reproduce() == {
        "data": 1, "train": 3, "transport": 3, "fidelity": 3,
        "summary": 1, "claims": 1, "report": 1,
    }  # fmt: skip
    project.commit("Results")
    project.dvc("push")
    return project


@pytest.fixture(scope="module")
def pulled(original, tmp_path_factory) -> Project:
    """A clone with everything pulled; leave it as it is."""
    clone = Project(tmp_path_factory.mktemp("pulled") / "a clone")
    original.git("clone", "--quiet", str(original.folder), str(clone.folder))
    clone.dvc("pull")
    return clone


@pytest.fixture
def clone(pulled, tmp_path) -> Project:
    """A clone with everything pulled, to be changed: a copy, which is sooner there than another."""
    return Project(shutil.copytree(pulled.folder, tmp_path / "a clone", symlinks=True))


def test_of_results_this_repository_holds_the_numbers_only():
    if not (ROOT / ".git").exists():
        pytest.skip("no git repository")
    held = Project(ROOT).git("ls-files", "results", "reports", "data").splitlines()
    names = {"metrics.json", "claims.json", "summary.csv", "plots/w1.csv", "plots/fid.csv"}
    assert {re.sub(r"^results/scales/[a-z]+/", "", path) for path in held} <= names


def test_reproducing_again_does_nothing(original):
    assert original.reproduce() == {}  # that all is up to date then: of the clones below
    assert original.git("status", "--porcelain") == ""


def test_a_clone_with_everything_pulled_has_nothing_to_do(original, pulled):
    assert pulled.is_up_to_date()
    assert pulled.reproduce() == {}
    assert "readable and as recorded" in pulled.run("wganbench", "verify")
    assert {p: sha256_of(f / "run.json") for p, f in pulled.runs().items()} == {
        p: sha256_of(f / "run.json") for p, f in original.runs().items()
    }


def test_git_holds_the_numbers_and_dvc_the_files(original):
    in_git = original.git("ls-files").splitlines()
    assert {
        "dvc.lock", "results/scales/smoke/claims.json", "results/scales/smoke/metrics.json",
        "results/scales/smoke/summary.csv", "results/scales/smoke/plots/w1.csv",
    } < set(in_git)  # fmt: skip
    assert not [name for name in in_git if name.endswith((".npz", ".parquet", ".html"))]


def test_changed_configuration_and_training_code_rerun_their_runs_and_what_depends_on_them(clone):
    # The results of the old code are there, the record of them too: neither may pass for new.
    before = clone.runs()
    clone.change(GRID, gentler_penalty)
    with (clone.folder / "wganbench/constraints/clip.py").open("a") as module:
        module.write("\nCHANGED = True\n")
    assert clone.reproduce() == {
        "train": 2, "transport": 2, "fidelity": 2, "summary": 1, "claims": 1, "report": 1,
    }  # fmt: skip
    after = clone.runs()
    assert {name for name in before if after[name] != before[name]} == {"wgan-gp-8gaussians"}
    assert before["wgan-gp-8gaussians"].name not in "\n".join(clone.summary())
    record = json.loads((after["wgan-8gaussians-c0.01"] / "run.json").read_text())
    assert record["provenance"]["git_dirty"] is True
    assert clone.is_up_to_date()
    differences = clone.dvc("metrics", "diff")
    assert "w1.toy-grid.wgan-gp-8gaussians.mean" in differences
    assert "w1.toy-grid.gan-8gaussians" not in differences


@pytest.mark.long
def test_without_a_seed_the_results_shrink_and_nothing_stale_stays(clone):
    before = clone.runs()
    assert len(clone.summary()) == 6
    clone.change(GRID, one_seed)
    clone.reproduce()
    assert len(clone.summary()) == 3
    assert len(clone.runs()) == 3
    assert not {f.name for f in before.values()} & {f.name for f in clone.runs().values()}
    counts = json.loads((clone.folder / METRICS).read_text())["count"]
    assert counts == {"runs": 3, "replicas": 3, "diverged": 0}
    assert "readable and as recorded" in clone.run("wganbench", "verify")


@pytest.mark.long
def test_switching_branches_back_and_forth_leaves_nothing_to_do(clone):
    runs = {"main": set(clone.runs().values())}
    clone.git("checkout", "--quiet", "-b", "gentler")
    clone.change(GRID, gentler_penalty)
    clone.reproduce()
    clone.commit("A gentler penalty")
    runs["gentler"] = set(clone.runs().values())
    assert runs["main"] != runs["gentler"]
    for branch in ("main", "gentler", "main"):
        clone.git("checkout", "--quiet", branch)
        clone.dvc("checkout")
        assert clone.is_up_to_date()
        assert set(clone.runs().values()) == runs[branch]


@pytest.mark.long
def test_changed_report_code_makes_tables_and_report_anew_though_no_run_changes(clone):
    # Not in wganbench/report, and no run changes: DVC must ask Snakemake all the same.
    with (clone.folder / "wganbench/gather/load.py").open("a") as module:
        module.write("\nCHANGED = True\n")
    assert clone.reproduce() == {"summary": 1, "claims": 1, "report": 1}
    assert clone.is_up_to_date()


@pytest.mark.long  # what `verify` and `prune` take for damaged: tests/hardening/
def test_a_damaged_data_file_is_made_again(clone):
    data = clone.folder / "data/8gaussians.npz"
    before = sha256_of(data)
    flip_a_byte(data)
    data.touch()
    assert clone.reproduce() == {"data": 1}
    assert sha256_of(data) == before
    assert clone.is_up_to_date()


def test_verify_names_every_file_with_a_flipped_byte(clone):
    gan = clone.runs()["gan-8gaussians"].relative_to(clone.folder)
    damaged = ["data/8gaussians.npz", f"{gan}/samples.npz", f"{gan}/transport.parquet"]
    assert "up to date" in clone.dvc("status", "data")  # it has seen the files as they are
    for name in damaged:
        flip_a_byte(clone.folder / name)
    # A flipped digit is a valid record, and a flipped number a valid metric.
    for name, digit in ((f"{gan}/run.json", '"threads": 1'), (METRICS, '"runs": 3')):
        path = clone.folder / name
        path.write_text(path.read_text().replace(digit, digit[:-1] + "2"))
        damaged.append(name)
    assert "up to date" in clone.dvc("status", "data")  # size and date are as they were
    experiment = next((clone.folder / "experiments").glob("*.yaml"))
    title = experiment.read_text().partition("title: ")[2][0]  # a bit of it makes another letter
    experiment.write_text(
        experiment.read_text().replace(f"title: {title}", f"title: {chr(ord(title) ^ 1)}")
    )
    damaged.append("experiments/")
    told = clone.run("wganbench", "verify", code=1).splitlines()
    assert [line.partition(": ")[0] for line in told if ": " in line] == sorted(damaged)
    assert told[-1] == "6 faults"


def test_a_lost_and_a_foreign_file_are_told_too(clone):
    lost = clone.runs()["gan-8gaussians"] / "networks.safetensors"
    lost.unlink()
    (clone.folder / "data/mine.txt").write_text("what is this?")
    said = clone.run("wganbench", "verify", code=1)
    assert f"{lost.relative_to(clone.folder)}: is missing" in said
    assert "data/mine.txt: is there but not recorded" in said


def test_what_keeps_dvc_from_telling_is_named_beside_the_other_faults(clone):
    (clone.folder / "dvc.lock").write_text("{{{")
    record = clone.runs()["gan-8gaussians"] / "run.json"
    record.write_text("{")
    told = clone.run("wganbench", "verify", code=1)
    assert "dvc.lock: dvc data status --granular: './dvc.lock' is invalid" in told
    assert f"{record.relative_to(clone.folder)}: " in told


def test_an_unpulled_clone_is_told_to_pull(original, tmp_path):
    clone = Project(tmp_path / "a clone")
    original.git("clone", "--quiet", str(original.folder), str(clone.folder))
    assert "dvc pull" in clone.run("wganbench", "verify", code=1)


def test_nothing_is_pruned_under_a_snakemakes_hands(clone):
    locks = clone.folder / ".snakemake/locks"
    locks.mkdir(parents=True, exist_ok=True)
    (locks / "0.output.lock").write_text("data/8gaussians.npz\n")
    clone.change(GRID, gentler_penalty)
    before = clone.runs()
    assert "wganbench recover" in clone.run("wganbench", "prune", code=2)
    assert clone.runs() == before


def test_experiments_at_another_scale_leave_the_other_scales_runs_out(clone):
    clone.change(Path("params.yaml"), lambda params: params.update(scale="laptop"))
    clone.commit("Another scale, not run")
    clone.dvc("exp", "run", "--set-param", "scale=smoke", "--name", "small")
    assert clone.dvc("params", "diff").split()[-4:] == ["params.yaml", "scale", "laptop", "smoke"]
    shown = clone.dvc("exp", "show", "--csv")
    assert "small" in shown
    assert "w1.toy-grid.wgan-gp-8gaussians.mean" in shown


def test_dvc_shows_the_stages_the_metrics_and_a_plot(clone):
    edges = clone.dvc("dag", "--dot")
    assert '"runs" -> "summary"' in edges
    assert '"runs" -> "claims"' in edges
    assert '"claims" -> "provenance"' in edges
    assert '"report" -> "provenance"' in edges
    metrics = json.loads(clone.dvc("metrics", "show", "--json"))
    values = metrics[""]["data"][METRICS]["data"]["w1"]["toy-grid"]
    assert values["gan-8gaussians"].keys() == {"mean", "sd", "floor"}
    shown = json.loads(clone.dvc("plots", "show", "--json"))
    # The plan has no images, so that FID's plot has no points.
    ((plot,),) = [plots for name, plots in shown["data"].items() if "W1" in name]
    points = plot["content"]["data"]["values"]
    assert len(points) == 3 * 4  # runs, evaluation points
    assert {"panel", "label", "iteration", "w1_over_floor"} <= points[0].keys()
