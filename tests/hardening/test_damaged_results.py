"""Whatever happens to a file, a reader refuses it in one line or reads what was written."""

import io
import json
import shutil
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardening.cases import cases
from hardening.projects import Project, command

pytestmark = pytest.mark.hardening

OF_A_RUN = (
    "run.json",
    "curves.parquet",
    "samples.npz",
    "networks.safetensors",
    "transport.parquet",
    "fidelity.parquet",
    "nets.parquet",
)
OTHERS = (
    "data/8gaussians.npz",
    "data/8gaussians.json",
    "data/digits.npz",
    "data/digits.json",
    "results/extractors/digits.npz",
    "results/extractors/digits.json",
    "results/extractors/digits.safetensors",
    "results/scales/smoke/summary.parquet",
    "results/scales/smoke/claims.json",
)
# A flipped bit may leave another valid number or text in plain JSON, and safetensors has no
# checksum: DVC's digests tell then (see test_verify_names_...), readers cannot.
WITHOUT_CHECKSUM = ("run.json", "networks.safetensors")


def commands(project: Project, file: str) -> list[tuple[str, ...]]:
    """Return what reads a file."""
    law, images = project.law(), project.images()
    always = [("status",), ("verify",)]
    if file.startswith("data/8g"):
        return [*always, ("transport", law.id)]
    if file.startswith(("data/", "results/extractors/")):
        return [*always, ("fidelity", images.id)]
    if file.startswith("results/runs/"):
        return [*always, ("summary",), ("claims",), ("transport", law.id), ("fidelity", law.id)]
    return always


def path_of(project: Project, file: str) -> Path:
    if file not in OF_A_RUN:
        return Path(file)
    run = project.images() if file == "nets.parquet" else project.law()
    return Path("results/runs") / run.id / file


def other_of(project: Project, path: Path) -> Path:
    """Return the same file of another run or data set, or another file of the same kind."""
    images = Path("results/runs") / project.images().id
    if "runs" in path.parts:
        return images / path.name.replace("transport", "curves").replace("nets", "fidelity")
    others = {"8gaussians": "digits", "digits": "8gaussians"}
    other = path.with_name(f"{others.get(path.stem, path.stem)}{path.suffix}")
    if other != path and other.exists():
        return other
    return images / {".parquet": "curves.parquet", ".npz": "samples.npz"}.get(
        path.suffix, "networks.safetensors"
    )


def told(content: bytes, path: Path) -> object:
    """Return what a file says: of a table, its numbers and not the digest of their source."""
    return pq.read_table(io.BytesIO(content)) if path.suffix == ".parquet" else content


def check(
    project: Project, path: Path, asked: list[tuple[str, ...]], excused: bool = False
) -> None:
    """Run what reads a file, and put right what it should not have changed."""
    products = [p for p in Path("results").rglob("*") if p.is_file() and p != path]
    before = {p: p.read_bytes() for p in products}
    for words in asked:
        done = command(*words)
        assert "Traceback" not in done.err
        if done.code == 2:
            assert done.err.count("\n") == 1, done.err
            assert done.err.startswith("wganbench: "), done.err
            assert path.stem in done.err or path.parent.name in done.err, done.err
        else:
            assert done.err == ""
            assert done.code == 0 or (words == ("verify",) and path.stem in done.out), done
        rewritten = {p: p.read_bytes() for p, old in before.items() if p.read_bytes() != old}
        for p in rewritten:
            p.write_bytes(before[p])
        changed = [p for p, new in rewritten.items() if told(new, p) != told(before[p], p)]
        assert excused or not changed, (words, changed)
        assert not list(Path().rglob("*.partial"))


@pytest.fixture
def restored(project):
    """A function that breaks a file for one check."""

    def broken(file: str, damage, choose=lambda commands: commands) -> None:
        path = path_of(project, file)
        asked = choose(commands(project, path.as_posix()))
        good = path.read_bytes()
        damage(path)
        try:
            check(project, path, asked, excused=path.name in WITHOUT_CHECKSUM)
        finally:
            if path.is_symlink():
                path.unlink()
            if path.is_dir():
                path.rmdir()
            path.write_bytes(good)

    return broken


def other_version(path: Path) -> None:
    """Make the file say that it has an older schema."""
    if path.suffix == ".json":
        content = json.loads(path.read_text())
        path.write_text(json.dumps(content | {"schema_version": 0, "old": 1}))
    elif path.suffix == ".parquet":
        table = pq.read_table(path)
        metadata = table.schema.metadata | {b"schema_version": b"0"}
        pq.write_table(table.replace_schema_metadata(metadata), path)


DAMAGE = {
    "empty": lambda project, path: path.write_bytes(b""),
    "half": lambda project, path: path.write_bytes(path.read_bytes()[: path.stat().st_size // 2]),
    "text": lambda project, path: path.write_text("something else\n"),
    "another's": lambda project, path: shutil.copy(other_of(project, path), path),
    "older": lambda project, path: other_version(path),
    "folder": lambda project, path: (path.unlink(), path.mkdir()),
    "loop": lambda project, path: (path.unlink(), path.symlink_to(path.name)),
    "missing": lambda project, path: path.unlink(),
}


SHORT = ("half", "another's", "missing")  # the others take as long again twice


@pytest.mark.parametrize(
    "kind", [k if k in SHORT else pytest.param(k, marks=pytest.mark.long) for k in DAMAGE]
)
@pytest.mark.parametrize("file", [*OF_A_RUN, *OTHERS])
def test_every_reader_refuses_a_damaged_file_in_one_line(project, restored, file, kind):
    restored(file, lambda path: DAMAGE[kind](project, path))


@pytest.mark.parametrize("file", [*OF_A_RUN, *OTHERS])
@cases(0.05)
@given(data=st.data())
def test_no_bit_of_a_file_flips_in_silence(restored, file, data):
    def flip(path: Path) -> None:
        content = bytearray(path.read_bytes())
        place = data.draw(st.integers(0, len(content) - 1), label="byte")
        content[place] ^= 1 << data.draw(st.integers(0, 7), label="bit")
        path.write_bytes(content)

    restored(file, flip, lambda known: [data.draw(st.sampled_from(known))])


@pytest.mark.parametrize("file", [*OF_A_RUN, *OTHERS])
@cases(0.05)
@given(data=st.data())
def test_a_file_that_is_cut_short_is_refused(restored, file, data):
    def cut(path: Path) -> None:
        content = path.read_bytes()
        path.write_bytes(content[: data.draw(st.integers(0, len(content) - 1), label="bytes")])

    restored(file, cut, lambda known: [data.draw(st.sampled_from(known))])
