"""Large data files on a network's disk are read from a copy on the node's own."""

import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import psutil
import pytest

from wganbench.data.gaussians import EightGaussians
from wganbench.data.store import write_data
from wganbench.errors import UserError
from wganbench.files import sha256_of
from wganbench.records import node_local
from wganbench.records.data import read_data
from wganbench.records.node_local import is_networked, nearest_copy

SHARED, OWN = "/shared", "/local"


@pytest.fixture
def node(tmp_path, monkeypatch):
    """Return a node's own folder, beside a shared one, with every file a large one."""
    for name in (SHARED, OWN):
        (tmp_path / name[1:]).mkdir()
    mounts = [("/", "ext4"), (str(tmp_path / "shared"), "nfs4"), (str(tmp_path / "local"), "xfs")]
    monkeypatch.setattr(psutil, "disk_partitions", lambda **_: [mount(*m) for m in mounts])
    monkeypatch.setattr(node_local, "LARGE", 1)
    monkeypatch.setenv("TMPDIR", str(tmp_path / "local"))
    monkeypatch.setattr(tempfile, "tempdir", None)  # what Python found before
    return tmp_path / "local"


def mount(mountpoint: str, fstype: str) -> SimpleNamespace:
    return SimpleNamespace(mountpoint=mountpoint, fstype=fstype)


@pytest.fixture
def shared(tmp_path, node) -> Path:
    path = tmp_path / "shared" / "set.npz"
    path.write_bytes(b"images" * 1000)
    return path


def test_a_large_file_is_copied_once_and_read_there(shared, node):
    digest = sha256_of(shared)
    copy = nearest_copy(shared, digest)
    assert copy.is_relative_to(node)
    assert copy.read_bytes() == shared.read_bytes()
    made = copy.stat()
    assert nearest_copy(shared, digest) == copy
    assert copy.stat().st_ino == made.st_ino


def test_a_node_s_processes_share_one_copy(shared, node, capfd):
    digest = sha256_of(shared)
    with ThreadPoolExecutor(4) as threads:
        copies = set(threads.map(lambda _: nearest_copy(shared, digest), range(4)))
    assert len(copies) == 1
    assert capfd.readouterr().err.count("copied to") == 1


def test_a_damaged_copy_is_made_again(shared, node):
    digest = sha256_of(shared)
    copy = nearest_copy(shared, digest)
    copy.write_bytes(b"black")
    assert nearest_copy(shared, digest).read_bytes() == shared.read_bytes()


def test_a_damaged_file_is_named_and_leaves_no_copy(tmp_path, node):
    data = EightGaussians()
    with write_data(data, tmp_path / "shared").open("r+b") as file:
        file.write(b"damaged")
    with pytest.raises(UserError, match=f"shared/{data.id}.npz: is damaged.* run `wganbench data"):
        read_data(data, tmp_path / "shared")
    assert not list(node.rglob("*.npz"))


def test_without_room_the_file_itself_is_read(shared, node, monkeypatch, capsys):
    monkeypatch.setattr(node_local.shutil, "disk_usage", lambda _: SimpleNamespace(free=10))
    assert nearest_copy(shared, sha256_of(shared)) == shared
    assert "is read over the network, there is no room" in capsys.readouterr().err


def test_small_files_and_the_nodes_own_are_read_where_they_are(shared, node, monkeypatch):
    own = node / "set.npz"
    own.write_bytes(shared.read_bytes())
    assert nearest_copy(own, sha256_of(own)) == own
    monkeypatch.setattr(node_local, "LARGE", 10**9)
    assert nearest_copy(shared, sha256_of(shared)) == shared


def test_a_folder_that_is_somebody_elses_is_refused(shared, node, monkeypatch):
    monkeypatch.setattr(node_local.os, "getuid", lambda: 12345)
    with pytest.raises(UserError, match="is not yours; set TMPDIR"):
        nearest_copy(shared, sha256_of(shared))


@pytest.mark.parametrize(
    ("path", "networked"),
    [
        ("/home/me/project", True), ("/home/me/scratch/project", False), ("/homes", False),
        ("/", False), ("/gpfs/a", True), ("/mnt/ssh", False), ("/beegfs", True),
    ],
)  # fmt: skip
def test_the_innermost_mount_decides_whether_a_path_is_on_the_network(monkeypatch, path, networked):
    # As Linux lists them; of two mounts at one place the later one is seen.
    listed = [
        ("/", "overlay"), ("/home", "nfs4"), ("/home/me/scratch", "ext4"), ("/gpfs", "gpfs"),
        ("/mnt/ssh", "nfs"), ("/mnt/ssh", "ext4"), ("/beegfs", "fuse.beegfs"),
    ]  # fmt: skip
    monkeypatch.setattr(psutil, "disk_partitions", lambda **_: [mount(*entry) for entry in listed])
    assert is_networked(Path(path)) is networked


def test_where_no_mount_is_known_a_path_is_the_nodes_own(monkeypatch):
    monkeypatch.setattr(psutil, "disk_partitions", lambda **_: [])
    assert not is_networked(Path("/home"))


def test_a_data_set_reads_the_same_from_its_copy(tmp_path, node):
    data = EightGaussians()
    write_data(data, tmp_path / "shared")
    near = read_data(data, tmp_path / "shared")
    assert list(node.rglob(f"{'?' * 64}.npz"))
    with np.load(tmp_path / "shared" / f"{data.id}.npz") as arrays:
        assert np.array_equal(near.train, arrays["train"])
        assert np.array_equal(near.heldout, arrays["heldout"])
