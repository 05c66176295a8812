"""`wganbench status` and `wganbench prune`, on a few real runs."""

import json
import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow.parquet as pq
import pytest
from experiment_files import EXAMPLE, example, planned, write

from wganbench import cli
from wganbench.data.store import write_data
from wganbench.fidelity.measure import measure as measure_fidelity
from wganbench.locks import writing
from wganbench.operations.freshness import why_stale
from wganbench.operations.prune import prune, removals
from wganbench.operations.status import Status, statuses
from wganbench.plan.measurements.transport import ROW as TRANSPORT
from wganbench.plan.runs import plan
from wganbench.plan.steps import MEASUREMENTS, TRAIN
from wganbench.records.tables import CODE
from wganbench.training.train import train_run
from wganbench.transport.measure import measure as measure_transport

SMALL = EXAMPLE | {
    "base": EXAMPLE["base"]
    | {"generator.width": 8, "critic.width": 8, "iterations": 4, "evaluations": 2, "samples": 20}
}


class Project:
    """A folder with an experiment of three methods, and what has been done of it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "experiments").mkdir(exist_ok=True)
        self.plan(SMALL)

    def plan(self, content: dict) -> None:
        self.runs = planned(self.folder / "experiments", content)
        self.by_method = {run.configuration.method: run for run in self.runs}

    def results(self, method: str) -> Path:
        return self.folder / "results/runs" / self.by_method[method].id

    def do(self, method: str, measure: bool = True) -> None:
        run, folder, data = self.by_method[method], self.results(method), self.folder / "data"
        train_run(run, folder, data=data)
        if measure:
            measure_transport(run, folder, data)
            measure_fidelity(run, folder)

    def status(self, **queued: str) -> dict[str, Status]:
        found = statuses(
            self.runs,
            self.folder / "results/runs",
            self.folder / "logs",
            self.folder / "locks",
            {self.by_method[method.replace("_", "-")].id: job for method, job in queued.items()},
        )
        names = {run.id: method for method, run in self.by_method.items()}
        return {names.get(status.run, status.run): status for status in found}

    def log(self, method: str, text: str) -> None:
        path = self.folder / f"logs/train/{self.by_method[method].id}.log"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def removals(self) -> dict[str, str]:
        found = removals(
            self.runs, self.folder / "results/runs", self.folder / "data", self.folder / "locks"
        )
        return {str(r.path.relative_to(self.folder)): r.reason for r in found}


@pytest.fixture(scope="module")
def done(tmp_path_factory) -> Path:
    """A folder in which two of the three runs are done."""
    project = Project(tmp_path_factory.mktemp("done"))
    write_data(project.runs[0].configuration.data, project.folder / "data")
    project.do("gan")
    project.do("wgan")
    return project.folder


@pytest.fixture
def project(done, tmp_path) -> Project:
    return Project(shutil.copytree(done, tmp_path / "project"))


def code_changed(folder: Path) -> None:
    """Make a record say that other code trained the run."""
    path = folder / "run.json"
    record = json.loads(path.read_text())
    record["provenance"]["code_digest"] = "0" * 16
    path.write_text(json.dumps(record))


def contents(folder: Path) -> dict[Path, tuple[int, int]]:
    return {p: (p.stat().st_mtime_ns, p.stat().st_size) for p in folder.rglob("*")}


def test_done_and_waiting_runs_are_told_apart_and_nothing_is_touched(project):
    before = contents(project.folder)
    states = {method: s.state for method, s in project.status().items()}
    assert states == {"gan": "done", "wgan": "done", "wgan-gp": "to do"}
    assert contents(project.folder) == before


def test_the_time_left_follows_the_rates_of_finished_runs(project):
    path = project.results("wgan") / "run.json"
    record = json.loads(path.read_text())
    # A gradient step took .01 s in all finished runs, the whole twice its training.
    for method, steps in (("gan", 2), ("wgan", 6)):
        path = project.results(method) / "run.json"
        record = json.loads(path.read_text())
        record["timings"] |= {"per_iteration": 0.01 * steps * 2, "training": 1.0, "total": 2.0}
        path.write_text(json.dumps(record))
    left = project.status()["wgan-gp"].seconds_left
    assert left == pytest.approx(2.0 * 0.01 * 6 * 2 * 4)  # steps, seeds, iterations


def test_without_a_finished_run_the_time_left_is_unknown(project):
    shutil.rmtree(project.folder / "results")
    assert {s.seconds_left for s in project.status().values()} == {None}


def test_a_run_whose_lock_is_held_is_running_and_its_log_tells_how_far(project):
    run = project.by_method["wgan-gp"]
    project.log("wgan-gp", f"{run.id}: iteration 3/4, 10 it/s, estimates 1 2, 1 s left\n")
    whole = project.status()["wgan-gp"].seconds_left
    with writing(run.id, TRAIN.locks, project.folder / "locks"):
        status = project.status()["wgan-gp"]
    assert status.state == "running"
    assert "75% of its iterations" in status.note
    assert status.seconds_left == pytest.approx(whole / 4)


def test_a_run_that_is_being_measured_is_running(project):
    with writing(project.by_method["gan"].id, TRANSPORT.locks, project.folder / "locks"):
        assert project.status()["gan"].state == "running"


def test_a_run_in_the_clusters_queue_is_queued(project):
    status = project.status(wgan_gp="Slurm job 7, pending")["wgan-gp"]
    assert (status.state, status.note) == ("queued", "Slurm job 7, pending")


@pytest.mark.parametrize(
    "log", ["wganbench: data/8gaussians.npz: is missing", "{id}: iteration 2/4, 10 it/s, 1 s left"]
)
def test_a_run_that_ended_without_a_result_has_failed_and_the_log_says_how(project, log):
    log = log.format(id=project.by_method["wgan-gp"].id)
    project.log("wgan-gp", f"{log}\n\n")
    status = project.status()["wgan-gp"]
    assert (status.state, status.note) == ("failed", log)


def test_a_run_whose_results_were_taken_away_has_not_failed(project):
    run = project.by_method["wgan-gp"]
    project.log("wgan-gp", f"{run.id}: 1.2 s; seed 0 ok, seed 1 ok\n")
    assert project.status()["wgan-gp"].state == "to do"


def test_a_run_that_other_code_trained_is_stale(project):
    code_changed(project.results("gan"))
    status = project.status()["gan"]
    assert (status.state, status.note) == ("stale", "the code that trained it has changed")


def test_a_damaged_record_is_stale_and_named(project):
    (project.results("gan") / "run.json").write_text("{")
    status = project.status()["gan"]
    assert status.state == "stale"
    assert status.note.startswith("run.json: ")


def test_a_run_that_lost_what_training_made_is_to_be_trained_again(project):
    (project.results("gan") / "samples.npz").unlink()
    status = project.status()["gan"]
    assert (status.state, status.note) == ("to do", "samples.npz missing")
    assert status.seconds_left > 0


def test_a_missing_measurement_is_still_to_be_made(project):
    (project.results("gan") / "transport.parquet").unlink()
    assert project.status()["gan"].state == "to measure"


def test_a_changed_grid_leaves_runs_off_it(project):
    old = {method: run.id for method, run in project.by_method.items()}
    project.plan(SMALL | {"base": SMALL["base"] | {"n_critic": 2}})
    states = {name: s.state for name, s in project.status().items()}
    assert states == {
        "gan": "to do", "wgan": "to do", "wgan-gp": "to do",
        old["gan"]: "off-grid", old["wgan"]: "off-grid",
    }  # fmt: skip


def test_nothing_is_pruned_where_all_is_the_plans(project):
    assert project.removals() == {}


def test_pruning_takes_what_is_off_the_grid_and_empty_folders(project, monkeypatch):
    gan = project.results("gan").relative_to(project.folder)
    shutil.copytree(project.results("gan"), project.folder / "results/runs/gone/gan-00000000")
    project.plan(SMALL | {"grid": [{"method": ["wgan", "wgan-gp"]}]})
    expected = {"results/runs/gone/gan-00000000", str(gan)}
    assert project.removals() == dict.fromkeys(expected, "is off the grid")
    monkeypatch.chdir(project.folder)
    prune(list(removals(project.runs, Path("results/runs"), Path("data"), Path("locks"))))
    assert project.removals() == {}
    assert [p.name for p in (project.folder / "results/runs").iterdir()] == ["example"]
    # Hours of computing are moved, not lost.
    (moved,) = Path("scratch/pruned").glob(f"*/{gan}")
    assert why_stale(plan_of(SMALL, project)["gan"], moved) == ""


def plan_of(content: dict, project: Project) -> dict:
    write(project.folder / "experiments", content)
    runs = plan("smoke", ["example"], project.folder / "experiments")["example"]
    return {run.configuration.method: run for run in runs}


def test_pruning_takes_runs_and_measurements_of_other_code(project):
    code_changed(project.results("gan"))
    path = project.results("wgan") / "fidelity.parquet"
    table = pq.read_table(path)
    pq.write_table(table.replace_schema_metadata(table.schema.metadata | {CODE: b"0"}), path)
    gan, wgan = (project.results(m).relative_to(project.folder) for m in ("gan", "wgan"))
    assert project.removals() == {
        str(gan): "the code that trained it has changed",
        f"{wgan}/fidelity.parquet": "the code that measured it has changed",
    }
    assert project.status()["wgan"].state == "to measure"


def test_pruning_takes_data_that_are_damaged_or_off_the_grid(project):
    data = project.folder / "data/8gaussians.npz"
    data.write_bytes(data.read_bytes()[:-1] + b"x")
    shutil.copy(data, data.with_name("other.npz"))
    assert project.removals() == {
        "data/8gaussians.json": "is damaged, its sha256 is not the manifest's; "
        "run `wganbench data 8gaussians`",
        "data/8gaussians.npz": "is damaged, its sha256 is not the manifest's; "
        "run `wganbench data 8gaussians`",
        "data/other.npz": "is off the grid",
        "data/other.json": "is off the grid",
    }


@pytest.mark.parametrize("step", [TRAIN, *MEASUREMENTS], ids=lambda step: step.name)
def test_pruning_leaves_a_run_that_is_being_worked_on_alone(project, step):
    code_changed(project.results("gan"))
    with writing(project.by_method["gan"].id, step.locks, project.folder / "locks"):
        assert project.removals() == {}


def test_pruning_takes_stray_files_and_dead_links_among_the_runs(project, monkeypatch):
    results = project.folder / "results/runs"
    (results / "a-file").write_text("stray")
    (results / "empty").mkdir()
    (results / "example/notes.txt").write_text("stray")
    (results / "example/dead").symlink_to("/nonexistent")
    strays = {f"results/runs/{name}" for name in ("a-file", "empty", "example/notes.txt",
                                                  "example/dead")}  # fmt: skip
    assert project.removals() == dict.fromkeys(strays, "is off the grid")
    monkeypatch.chdir(project.folder)
    prune(list(removals(project.runs, Path("results/runs"), Path("data"), Path("locks"))))
    assert project.removals() == {}
    assert {s.state for s in project.status().values()} == {"done", "to do"}


def test_what_was_pruned_twice_is_kept_twice(project, monkeypatch):
    monkeypatch.chdir(project.folder)
    for _ in range(2):
        code_changed(project.results("gan"))
        prune(list(removals(project.runs, Path("results/runs"), Path("data"), Path("locks"))))
        project.do("gan")
    assert len(list(Path("scratch/pruned").rglob("run.json"))) == 2


def test_results_on_another_disk_are_pruned_too(project, monkeypatch):
    if not Path("/dev/shm").is_dir():
        pytest.skip("no second file system")
    with TemporaryDirectory(dir="/dev/shm") as elsewhere:
        shutil.move(project.folder / "results/runs", elsewhere)
        (project.folder / "results/runs").symlink_to(Path(elsewhere) / "runs")
        code_changed(project.results("gan"))
        monkeypatch.chdir(project.folder)
        prune(list(removals(project.runs, Path("results/runs"), Path("data"), Path("locks"))))
        assert [p.parent.name[:4] for p in Path("scratch/pruned").rglob("run.json")] == ["gan-"]


def test_deleting_empties_the_place_where_pruned_results_went(project, monkeypatch):
    monkeypatch.chdir(project.folder)
    (project.folder / "params.yaml").write_text("scale: smoke\n")
    write(project.folder / "experiments", example(grid=[{"method": ["wgan"]}]))
    monkeypatch.setattr("sys.argv", ["wganbench", "prune"])
    with pytest.raises(SystemExit):
        cli.main()
    assert list(Path("scratch/pruned").rglob("run.json"))
    monkeypatch.setattr("sys.argv", ["wganbench", "prune", "--delete"])
    with pytest.raises(SystemExit):
        cli.main()
    assert not Path("scratch/pruned").exists()
