"""A clock that is set back or forward loses nothing and confuses nobody."""

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from hardening.projects import command
from wganbench.locks import is_written, writing
from wganbench.operations import prune as pruning
from wganbench.operations.prune import Removal, prune
from wganbench.operations.run import _unmade
from wganbench.records.extractor import read_made

pytestmark = pytest.mark.hardening
YEAR = 365 * 86_400.0


def shift(seconds: float, *paths: Path) -> None:
    for path in paths:
        then = path.stat().st_mtime + seconds
        os.utime(path, (then, then))


def test_what_is_pruned_at_the_same_time_twice_is_kept_twice(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    class Stopped(datetime):
        @classmethod
        def now(cls, tz=None):
            return cls(2026, 1, 1, tzinfo=UTC)

    monkeypatch.setattr(pruning, "datetime", Stopped)
    path = Path("results/runs/a/b/transport.parquet")
    for content in ("first", "second"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
        prune([Removal(path, "is stale")])
    kept = sorted(p.read_text() for p in Path("scratch/pruned").rglob("*.parquet"))
    assert kept == ["first", "second"]


@pytest.mark.parametrize("by", [-YEAR, YEAR])
def test_a_lock_is_held_however_old_it_looks(tmp_path, by):
    with writing("a/b", ("train",), tmp_path):
        shift(by, *tmp_path.rglob("*.*"))
        assert str(os.getpid()) in is_written("a/b", "train", tmp_path)
    assert is_written("a/b", "train", tmp_path) == ""


@pytest.mark.parametrize("by", [-YEAR, YEAR])
@pytest.mark.parametrize("suffix", [".json", ".npz", ".parquet"])
def test_status_prune_and_verify_go_by_content_and_not_by_date(project, by, suffix):
    before = [command("status"), command("verify")]
    shift(by, *(p for name in ("data", "results") for p in Path(name).rglob(f"*{suffix}")))
    assert [(d.code, d.out) for d in (command("status"), command("verify"))] == [
        (d.code, d.out) for d in before
    ]
    assert command("prune").out == ""


@pytest.mark.parametrize("by", [-YEAR, 0.0, YEAR])
def test_a_feature_space_of_other_data_is_made_again_whatever_its_date(project, by):
    data = Path("data/digits.npz")
    shift(by, data)
    assert not _unmade(project.images(), data)
    made = Path("results/extractors/digits.json")
    good = made.read_text()
    made.write_text(good.replace(read_made(made).data_sha256, "0" * 64))
    shift(-by, made)
    assert _unmade(project.images(), data)
    made.write_text(good)
