"""A full or read-only disk: one line that names the file, and no half of one under its name."""

import resource
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from hardening.projects import Outcome, Project, command

pytestmark = pytest.mark.hardening
LONG = pytest.mark.long


@contextmanager
def room_for(bytes_of_a_file: int) -> Iterator[None]:
    """Let no file grow beyond so many bytes, as on a disk that is full by then."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (bytes_of_a_file, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def commands(project: Project) -> dict[str, tuple[str, ...]]:
    law, images = project.law().id, project.images().id
    return {
        "data": ("data", "8gaussians"),
        "train": ("train", law),
        "transport": ("transport", law),
        "fidelity": ("fidelity", images),
        "nets": ("nets", images),
        "summary": ("summary",),
        "claims": ("claims",),
        "report": ("report",),
    }


def files(*folders: str) -> dict[Path, bytes]:
    return {p: p.read_bytes() for name in folders for p in Path(name).rglob("*") if p.is_file()}


def refused(done: Outcome) -> None:
    assert done.code == 2, done
    lines = [line for line in done.err.splitlines() if ": iteration " not in line]  # progress
    assert len(lines) == 1
    assert lines[0].startswith("wganbench: ")
    assert "Traceback" not in done.err
    assert ".partial" not in done.err


# The files of one training need 9, 20 and 50 kB: the disk is full at the first or later.
@pytest.mark.parametrize(
    ("step", "room"),
    [
        *((step, 0) for step in ("data", "transport", "summary", "report")),
        ("train", 12_000),
        *(pytest.param(step, 0, marks=LONG) for step in ("train", "fidelity", "nets", "claims")),
        *(pytest.param(step, 12_000, marks=LONG) for step in ("data", "transport", "fidelity")),
        *(pytest.param(step, 12_000, marks=LONG) for step in ("summary", "claims", "report")),
    ],
)
def test_a_full_disk_is_one_line_and_leaves_no_half_of_a_file(
    finished, tmp_path, monkeypatch, step, room
):
    shutil.copytree(finished, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    words = commands(Project(tmp_path))[step]
    before = files("data", "results")
    with room_for(room):
        done = command(*words)
    after = files("data", "results", "reports")
    changed = {path for path, content in after.items() if before.get(path) != content}
    assert not [path for path in after if ".partial" in path.name]
    if done.code == 0:  # there was room for all of it
        assert all(len(after[path]) <= room for path in changed)
        return
    refused(done)
    assert any(name in done.err for name in ("data/", "results/", "reports/", "scratch/"))
    assert all(len(after[path]) <= room for path in changed)
    if step == "train":
        record = Path("results/runs") / words[1] / "run.json"
        assert changed == set() or not record.exists()  # status: to be trained again
    again = command(*words)
    assert (again.code, again.err.count("\n")) in ((0, 0), (0, 1))
    assert command("verify").code == 0


@pytest.fixture
def small_disk(tmp_path):
    """A folder on a disk of its own, and a function that makes it read-only."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", str(disk)]
    if not shutil.which("mount") or subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("this user may not mount a disk")
    yield disk, lambda: subprocess.run(["mount", "-o", "remount,ro", disk], check=True)
    subprocess.run(["umount", "--lazy", disk], check=True)


@pytest.mark.parametrize(
    "step", ["data", "train", "transport", "fidelity", "nets", "summary", "claims"]
)
def test_a_read_only_disk_is_one_line(finished, small_disk, monkeypatch, step):
    disk, make_read_only = small_disk
    shutil.copytree(finished, disk / "project")
    monkeypatch.chdir(disk / "project")
    words = commands(Project(disk / "project"))[step]
    before = files("data", "results")
    make_read_only()
    refused(command(*words))
    assert files("data", "results") == before
    assert command("status").code == 0


def test_a_really_full_disk_is_one_line(finished, small_disk, monkeypatch):
    disk, _ = small_disk
    shutil.copytree(finished, disk / "project")
    monkeypatch.chdir(disk / "project")
    law = Project(disk / "project").law().id
    filler = disk / "filler"
    with filler.open("wb", buffering=0) as file:
        while True:
            try:
                file.write(bytes(4096))
            except OSError:
                break
    before = files("data", "results")
    done = command("transport", law)
    refused(done)
    assert files("data", "results") == before
    filler.unlink()
    assert command("transport", law).code == 0
