"""Going on after a crash: real Snakemakes, killed."""

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from waiting import until

from wganbench.errors import UserError
from wganbench.operations import processes
from wganbench.operations.recover import partial_files, recover, snakemake_command
from wganbench.plan.steps import MEASUREMENTS

pytestmark = pytest.mark.workflow
# Stands for wganbench: its second step takes as long as the test likes.
WGANBENCH = """
import os, signal, sys, time
from pathlib import Path
step, name, *rest = sys.argv[1:]
if "deaf" in rest:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
target = Path("results", name)
target.parent.mkdir(exist_ok=True)
partial = target.with_name(f".{target.name}.{os.getpid()}.partial")
with Path("started").open("a") as started:
    print(step, name, file=started)
partial.touch()
while step == "transport" and not Path("go").exists():
    time.sleep(0.05)
partial.replace(target)
"""
SNAKEFILE = """
shell.prefix('case "${{{{CONDA_PREFIX:-}}}}" in *) export PATH=$PWD/bin:$PATH ;; esac; ')
rule transport:
    input: "results/train"
    output: "results/transport"
    shell: "wganbench transport transport > log 2>&1"
rule train:
    output: "results/train"
    shell: "wganbench train train"
"""


@pytest.fixture
def project(tmp_path) -> Iterator[Path]:
    folder = tmp_path / "a project"
    (folder / "bin").mkdir(parents=True)
    (folder / "lib").mkdir()
    (folder / "lib/wganbench").write_text(WGANBENCH)
    # No #! line holds a path with a space, as Python's may be.
    (folder / "bin/wganbench").write_text(
        f'#!/bin/sh\nexec {shlex.quote(sys.executable)} lib/wganbench "$@"\n'
    )
    (folder / "bin/wganbench").chmod(0o755)
    (folder / "Snakefile").write_text(SNAKEFILE.replace("{{{{", "{{").replace("}}}}", "}}"))
    yield folder
    processes.end(p for p in psutil.process_iter(["cwd"]) if p.info["cwd"] == str(folder))


def started(folder: Path) -> list[str]:
    path = folder / "started"
    return path.read_text().splitlines() if path.exists() else []


def start(folder: Path) -> subprocess.Popen[bytes]:
    """Start Snakemake and return when its second step is at work."""
    command = [sys.executable, "-m", "snakemake", "--cores", "1", "--rerun-incomplete", "--quiet"]
    snakemake = subprocess.Popen(command, cwd=folder, stderr=subprocess.DEVNULL)
    until(lambda: len(started(folder)) == 2, seconds=30)
    return snakemake


def by_hand(folder: Path, *options: str) -> subprocess.Popen[bytes]:
    command = [folder / "bin/wganbench", "transport", "mine", *options]
    job = subprocess.Popen(command, cwd=folder)
    until(lambda: "transport mine" in started(folder), seconds=30)
    return job


def orphan(folder: Path, *options: str) -> int:
    """Start a step whose starter dies at once, and return its number."""
    line = f"bin/wganbench transport mine {' '.join(options)} & echo $!"
    command = ["bash", "-c", line]
    with subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE) as shell:
        pid = int(shell.stdout.readline())
    until(lambda: "transport mine" in started(folder), seconds=30)
    return pid


def is_alive(pid: int) -> bool:
    return psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE


def test_after_kill_9_the_orphan_ends_and_the_rest_is_done_once(project):
    snakemake = start(project)
    snakemake.kill()
    snakemake.wait()
    left = processes.job_processes(project)
    assert left
    assert len(partial_files(project)) == 1
    finished = (project / "results/train").stat()

    told = list(recover(project))
    assert any("ending `wganbench transport transport" in line for line in told)
    assert told[-1] == "unlocking the folder"
    assert not any(process.is_running() for process in left)
    assert partial_files(project) == []

    (project / "go").touch()
    arguments = "['--quiet', '--rerun-incomplete']"
    call = f"from wganbench.operations.recover import go_on; go_on({arguments})"
    done = subprocess.run([sys.executable, "-c", call], cwd=project, timeout=60)
    assert done.returncode == 0
    assert started(project) == ["train train", "transport transport", "transport transport"]
    assert (project / "results/train").stat() == finished
    assert (project / "results/transport").exists()
    assert list(recover(project)) == []


def test_snakemakes_exit_code_is_the_commands(project):
    call = "from wganbench.operations.recover import go_on; go_on(['no-such-target', '--quiet'])"
    done = subprocess.run([sys.executable, "-c", call], cwd=project, capture_output=True)
    assert done.returncode == 1


def test_while_snakemake_works_in_the_folder_nothing_is_touched(project):
    snakemake = start(project)
    with pytest.raises(UserError, match=f"Snakemake, process {snakemake.pid}, is working"):
        list(recover(project))
    assert len(partial_files(project)) == 1
    (project / "go").touch()
    assert snakemake.wait(30) == 0


def test_a_dry_run_tells_and_touches_nothing(project):
    pid = orphan(project)
    told = list(recover(project, dry_run=True))
    assert told[0] == f"ending `wganbench transport mine`, process {pid}"
    assert told[1].startswith("removing results/.mine.")
    assert is_alive(pid)
    assert len(partial_files(project)) == 1


def test_a_step_that_somebody_started_by_hand_is_left_to_them(project):
    job = by_hand(project)
    with pytest.raises(UserError, match=f"process {job.pid}, started by process {os.getpid()}"):
        list(recover(project))
    assert job.poll() is None


def test_an_orphan_that_ignores_sigterm_is_killed(project):
    pid = orphan(project, "deaf")
    processes.end(processes.job_processes(project), grace=0.5)
    assert not is_alive(pid)


def test_orphans_of_other_folders_are_left_alone(project, tmp_path):
    pid = orphan(project)
    (tmp_path / "other").mkdir()
    assert list(recover(tmp_path / "other")) == []
    assert is_alive(pid)


def test_the_caller_and_its_ancestors_are_spared(project):
    # The shell's own command line looks like a job of the folder.
    script = "from pathlib import Path; from wganbench.operations.recover import recover; "
    script += "print(list(recover(Path.cwd())))"
    line = f'false && wganbench train x; "{sys.executable}" -c "{script}"; echo alive'
    command = ["bash", "-c", line]
    assert processes.is_job(command)
    done = subprocess.run(command, cwd=project, capture_output=True, text=True)
    assert done.stdout == "[]\nalive\n"


def test_a_lock_of_another_machine_is_respected(project):
    log = project / ".snakemake/log/2026-01-01T000000.0.snakemake.log"
    log.parent.mkdir(parents=True)
    log.write_text("SNAKEMAKE\n=========\n  Host: login2\n  User: me\n")
    (project / ".snakemake/locks").mkdir()
    (project / ".snakemake/locks/0.input.lock").write_text("x\n")
    with pytest.raises(UserError, match="ran on login2: recover there, or add --any-host"):
        list(recover(project))
    assert list(recover(project, any_host=True)) == ["unlocking the folder"]
    assert list(recover(project)) == []


@pytest.mark.parametrize(
    ("arguments", "profile", "adds"),
    [
        ([], "", True),
        (["--config", "scale=smoke"], "", True),
        (["--cores", "2"], "", False),
        (["--cores=2"], "", False),
        (["-c2"], "", False),
        (["-j", "4"], "", False),
        (["--profile", "slurm"], "", False),
        ([], "slurm", False),
    ],
)
def test_all_cores_are_used_unless_something_else_is_said(arguments, profile, adds):
    command = snakemake_command(arguments, profile)
    assert command[:3] == [sys.executable, "-m", "snakemake"]
    assert command[3:] == ["--cores", "all"] * adds + arguments


@pytest.mark.parametrize(
    ("command", "is_main", "is_job"),
    [
        ("python /v/bin/snakemake --cores 8", True, False),
        ("python -m snakemake --cores 8", True, False),
        ("snakemake -n", True, False),
        ("python -m snakemake --mode remote --cores 8", False, True),
        ("python -m snakemake --mode=subprocess", False, True),
        ("python /v/bin/wganbench train toy-grid/x", False, True),
        ("wganbench data digits", False, True),
        ("python /v/bin/wganbench recover", False, False),
        ("python /v/bin/wganbench status", False, False),
        ("make reproduce", False, False),
        ("dvc repro snakemake", False, False),
        ("vim wganbench train", False, False),
    ],
)
def test_processes_are_told_apart_by_their_command_lines(command, is_main, is_job):
    assert processes.is_main_snakemake(command.split()) == is_main
    assert processes.is_job(command.split()) == is_job


def test_every_step_that_the_rules_run_is_known(root):
    rules = "".join(path.read_text() for path in (root / "pipelines").glob("*.smk"))
    named = set(re.findall(r"wganbench (\w+) ", rules)) | {step.name for step in MEASUREMENTS}
    assert named == set(processes.NAMES)
