"""Jobs by the server: the same results, streams, signals and ends as in processes of their own."""

import importlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import psutil
import pytest
from experiment_files import example, write
from waiting import until

from wganbench.files import sha256_of
from wganbench.jobs import messages, server
from wganbench.jobs.client import LOG
from wganbench.jobs.server import Sources
from wganbench.jobs.start import SERVER, USAGE
from wganbench.jobs.usage import COLUMNS

WGANBENCH = [sys.executable, "-c", "from wganbench.jobs.start import main; main()"]
# Of some seconds, to be ended in the middle.
LONG = example(
    base={"generator.width": 32, "critic.width": 32, "iterations": 400, "evaluations": 4,
          "samples": 50, "log_every": 100},
    grid=[{"method": "wgan"}],
)  # fmt: skip
SHORT = example(
    base={"generator.width": 8, "critic.width": 8, "iterations": 3, "evaluations": 2,
          "samples": 20},
    grid=[{"method": "wgan-gp"}],
)  # fmt: skip
TRAINED = ("curves.parquet", "samples.npz", "networks.safetensors")
# As Snakemake sets them: with more, libraries start threads.
ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}


def started(*arguments: str, **environment: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [*WGANBENCH, *arguments],
        env=os.environ | ONE_THREAD | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def done(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    process = started(*arguments, **environment)
    out, err = process.communicate(timeout=120)
    return subprocess.CompletedProcess(arguments, process.returncode, out, err)


class Snakemake:
    """Stands for a Snakemake: a process with a server, which ends when it does."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(["sleep", "600"])
        self.token = os.urandom(8).hex()
        self.address = f"{self.token} {self.process.pid}"

    @property
    def server(self) -> psutil.Process | None:
        """The process that listens; its children, the jobs, have the same command line."""
        running = psutil.process_iter(["cmdline"])
        found = [p for p in running if self.token in (p.info["cmdline"] or ())]
        pids = {p.pid for p in found}
        return next((p for p in found if p.ppid() not in pids), None)

    @property
    def jobs(self) -> list[psutil.Process]:
        return self.server.children() if self.server else []

    def end(self) -> None:
        self.process.kill()
        self.process.wait()


@pytest.fixture
def project(tmp_path, monkeypatch) -> Path:
    """A project's folder, of a name longer than a socket's may be, with data for its runs."""
    folder = tmp_path / ("a long name " * 15).strip()
    (folder / "experiments").mkdir(parents=True)
    write(folder / "experiments", LONG, "long")
    write(folder / "experiments", SHORT, "short")
    (folder / "params.yaml").write_text("scale: smoke\n")
    monkeypatch.chdir(folder)
    assert done("data", "8gaussians").returncode == 0
    return folder


@pytest.fixture
def snakemake(project) -> Iterator[Snakemake]:
    """A Snakemake that nothing is left of afterwards."""
    snakemake = Snakemake()
    yield snakemake
    snakemake.end()
    until(lambda: snakemake.server is None)


def run_id(experiment: str) -> str:
    (line,) = done("plan", experiment, "--json").stdout.splitlines()
    return str(json.loads(line)["id"])


def digests(run: str, files: tuple[str, ...] = TRAINED) -> dict[str, str]:
    return {file: sha256_of(Path("results/runs", run, file)) for file in files}


def in_the_middle(snakemake: Snakemake) -> tuple[subprocess.Popen[str], str]:
    """Start the long training by the server and return when it has a checkpoint."""
    run = run_id("long")
    job = started("train", run, "--checkpoint-every", "0.1", WGANBENCH_SERVER=snakemake.address)
    until(Path("scratch/checkpoints", run, "state").exists)
    assert job.poll() is None
    assert len(snakemake.jobs) == 1
    return job, run


def test_a_job_leaves_the_same_bytes_as_one_in_a_process_of_its_own(snakemake):
    run = run_id("short")
    files = (*TRAINED, "transport.parquet", "fidelity.parquet")
    steps = [(name, run) for name in ("train", "transport", "fidelity")]
    assert [done(*step).returncode for step in steps] == [0, 0, 0]
    alone = digests(run, files)
    for file in files:
        Path("results/runs", run, file).unlink()
    for name, _ in steps:
        job = done(name, run, WGANBENCH_SERVER=snakemake.address, WGANBENCH_USAGE=f"of/{name}.tsv")
        assert job.returncode == 0, job.stderr
        header, row = Path(f"of/{name}.tsv").read_text().splitlines()
        assert tuple(header.split("\t")) == COLUMNS
        took = dict(zip(COLUMNS, row.split("\t"), strict=True))
        assert 0 < float(took["cpu_time"]) < 60
        assert float(took["max_rss"]) > 50
    assert digests(run, files) == alone
    assert LOG.read_text() == "", "nothing was declined"


def test_what_a_job_says_and_its_exit_code_are_the_clients(snakemake):
    alone = done("train", "short/no-such-run", "--scale", "smoke")
    job = done("train", "short/no-such-run", "--scale", "smoke", WGANBENCH_SERVER=snakemake.address)
    assert (job.returncode, job.stdout, job.stderr) == (2, alone.stdout, alone.stderr)
    assert "is not on the grid" in job.stderr
    assert snakemake.server


def test_a_file_of_usage_is_written_by_a_process_of_its_own_too_and_not_after_a_failure(project):
    assert done("plan", WGANBENCH_USAGE="logs/plan.tsv").returncode == 0
    assert len(Path("logs/plan.tsv").read_text().splitlines()) == 2
    assert done("plan", "no-such", WGANBENCH_USAGE="logs/failed.tsv").returncode == 2
    assert not Path("logs/failed.tsv").exists()


def test_sigterm_reaches_the_job_which_leaves_a_checkpoint_and_goes_on_to_the_same_bytes(snakemake):
    run = run_id("long")
    assert done("train", run).returncode == 0
    alone = digests(run)
    job, run = in_the_middle(snakemake)
    job.send_signal(signal.SIGTERM)
    _, err = job.communicate(timeout=60)
    assert job.returncode == 128 + signal.SIGTERM
    assert "the same command goes on from there" in err
    assert done("train", run, WGANBENCH_SERVER=snakemake.address).returncode == 0
    record = json.loads(Path("results/runs", run, "run.json").read_text())
    assert record["timings"]["resumed_at"]
    assert digests(run) == alone


def test_with_a_killed_client_its_job_ends_and_the_server_stays(snakemake):
    job, _ = in_the_middle(snakemake)
    (process,) = snakemake.jobs
    job.kill()
    until(lambda: not process.is_running())
    assert snakemake.server
    assert snakemake.jobs == []


def test_with_a_killed_server_its_jobs_end_and_the_next_client_starts_another(snakemake):
    job, run = in_the_middle(snakemake)
    (process,) = snakemake.jobs
    before = snakemake.server
    before.kill()
    _, err = job.communicate(timeout=60)
    assert job.returncode == 1
    assert "the job server ended" in err
    until(lambda: not process.is_running())
    assert done("train", run, WGANBENCH_SERVER=snakemake.address).returncode == 0
    assert snakemake.server
    assert snakemake.server != before


def test_a_client_ends_by_the_signal_that_ended_its_job(snakemake):
    job, _ = in_the_middle(snakemake)
    (process,) = snakemake.jobs
    process.kill()
    job.communicate(timeout=60)
    assert job.returncode == -signal.SIGKILL


@pytest.mark.long
def test_a_job_and_its_client_that_end_at_once_leave_the_server_at_work(snakemake):
    job, _ = in_the_middle(snakemake)
    (process,), server = snakemake.jobs, snakemake.server
    server.suspend()  # so that it learns of both together
    process.kill()
    until(lambda: process.status() == psutil.STATUS_ZOMBIE)
    job.kill()
    job.wait()
    server.resume()
    until(lambda: not process.is_running())
    assert done("plan", WGANBENCH_SERVER=snakemake.address).returncode == 0
    assert snakemake.server == server


@pytest.mark.long
def test_a_signal_that_comes_before_the_server_declines_ends_the_job(snakemake):
    assert done("plan", WGANBENCH_SERVER=snakemake.address).returncode == 0
    snakemake.server.suspend()
    run = run_id("long")
    job = started("train", run, WGANBENCH_SERVER=snakemake.address, COLOUR="blue")
    time.sleep(2)  # it has connected, and waits for an answer
    job.send_signal(signal.SIGTERM)
    time.sleep(0.5)
    snakemake.server.resume()
    job.communicate(timeout=60)
    assert job.returncode == -signal.SIGTERM
    assert not Path("results/runs", run, "run.json").exists()


@pytest.mark.parametrize(
    "way",
    ["Snakemake ends", pytest.param("the server is asked to end", marks=pytest.mark.long)],
)
def test_the_server_leaves_after_its_last_job(snakemake, way):
    job, _ = in_the_middle(snakemake)
    if way == "Snakemake ends":
        snakemake.end()
    else:
        snakemake.server.terminate()
    job.communicate(timeout=120)
    assert job.returncode == 0
    until(lambda: snakemake.server is None)


def test_without_a_snakemake_a_job_is_a_process_of_its_own(snakemake):
    snakemake.end()
    assert done("plan", WGANBENCH_SERVER=snakemake.address).returncode == 0
    assert snakemake.server is None


def test_a_job_in_another_environment_is_a_process_of_its_own(snakemake):
    first = done("plan", WGANBENCH_SERVER=snakemake.address, COLOUR="red")
    other = done("plan", WGANBENCH_SERVER=snakemake.address, COLOUR="blue")
    assert (first.returncode, other.returncode) == (0, 0)
    assert first.stdout == other.stdout
    assert LOG.read_text() == "declined ['plan']: another environment\n"


def test_of_two_first_jobs_one_starts_the_server(snakemake):
    jobs = [started("plan", WGANBENCH_SERVER=snakemake.address) for _ in range(4)]
    assert {job.wait(timeout=60) for job in jobs} == {0}
    until(lambda: snakemake.jobs == [])
    assert snakemake.server
    assert LOG.read_text() == ""


def test_an_edit_of_a_loaded_module_is_seen(tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(tmp_path)
    file = tmp_path / "a_plugin_that_is_edited.py"
    file.write_text("A = 1\n")
    importlib.import_module(file.stem)
    sources = Sources()
    sources.load([])
    assert not sources.have_changed()
    file.write_text("A = 22\n")
    assert sources.have_changed()


def test_what_is_read_for_digests_before_any_job_is_watched(monkeypatch):
    read, stamp = [], server._stamp
    monkeypatch.setattr(server, "read_ahead", read.extend)
    sources = Sources()
    sources.load(["transport"])
    assert {"wganbench.transport.exact", "wganbench.data.ring"} < set(read)
    for name in read[:: len(read) // 5]:
        edited = {str(sys.modules[name].__file__): None}
        monkeypatch.setattr(server, "_stamp", partial(_one_other, edited, stamp))
        assert sources.have_changed(), name


def _one_other(edited, stamp, file):
    return edited[file] if file in edited else stamp(file)


def test_another_users_process_is_told_from_ours(monkeypatch):
    ours, theirs = messages.socket.socketpair()
    assert messages.is_ours(ours)
    monkeypatch.setattr(os, "getuid", lambda: 12345)
    assert not messages.is_ours(theirs)


def test_names_of_the_variables_are_those_that_the_rules_set():
    rules = "".join(p.read_text() for p in Path(__file__).parents[2].glob("pipelines/*.smk"))
    assert (SERVER, USAGE) == ("WGANBENCH_SERVER", "WGANBENCH_USAGE")
    assert rules.count(f"{USAGE}=") == rules.count("shell:")
