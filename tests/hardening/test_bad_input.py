"""Whatever params.yaml and an experiment file hold: a plan, or one line that names file and key."""

import json
import os
import subprocess
import sys
import tracemalloc
from pathlib import Path

import pytest
from experiment_files import EXAMPLE, example, write
from hypothesis import given
from hypothesis import strategies as st

from hardening.cases import cases
from hardening.projects import Outcome, command, tree

pytestmark = pytest.mark.hardening

COMMANDS = (("plan",), ("plan", "--json"), ("status",), ("prune",))
FILE = "experiments/example.yaml"
PARAMS = "params.yaml"
SECONDS = 15.0  # of computing, for one command; the largest file takes PyYAML two

HOSTILE_TEXT = [
    "../../x", "/etc/passwd", "/dev/zero", "a\0b", "a\nb", "a\rb", "\x1b[31mred", "-rf", "--help",
    "$(touch x)", "`touch x`", "; touch x #", "a'b\"c", "{wildcards.run}", "%s%n", "x" * 5000,
    "ѕcale", "ﬁd", "e\u0301", "\u202egnp.exe", "\ufeff", "\u2028", "<script>", "CON", "~", "", ".",
    "..", "*", "wgan\n", "wgan ", "WGAN", "1e400", "NaN", "!!python/object/apply:os.system",
]  # fmt: skip
HOSTILE_VALUES = [
    None, True, 0, -1, 2**31, 2**63, 2**64, 10**400, -(10**400), 0.0, -0.0, 1e308, 5e-324,
    float("inf"), float("-inf"), float("nan"), [], {}, [[]], [{}], {"": ""}, [None], ["wgan"] * 3,
    {"values": []}, {"when": {"method": "wgan"}}, list(range(2000)),
]  # fmt: skip
VALUES = st.sampled_from(HOSTILE_VALUES + HOSTILE_TEXT) | st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=6,
)
KEYS = st.sampled_from(HOSTILE_TEXT) | st.text(max_size=12)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A project inside a folder that is watched."""
    folder = tmp_path_factory.mktemp("watched") / "project"
    (folder / "experiments").mkdir(parents=True)
    return folder


@pytest.fixture
def project(folder, monkeypatch):
    """The project as the working folder, with good files."""
    monkeypatch.chdir(folder)
    put_right(folder)
    return folder


def put_right(project: Path) -> None:
    (project / PARAMS).write_text("scale: smoke\n")
    write(project / "experiments", EXAMPLE)


def check(project: Path, named: str) -> list[Outcome]:
    """Run every command that only looks, and check what must hold whatever the files say."""
    before = tree(project.parent)
    outcomes = [command(*words) for words in COMMANDS]
    for done in outcomes:
        assert done.code in (0, 2)
        assert done.seconds < SECONDS
        if done.code == 2:
            assert done.out == ""
            assert done.err.count("\n") == 1
            assert done.err.endswith("\n")
            assert done.err[:-1].isprintable()
            head, _, reason = done.err.removeprefix("wganbench: ").partition(": ")
            assert head.rstrip(":") == named
            assert reason.strip()
            assert len(done.err) < 20_000  # 4,000 characters, each spelt out at worst
        else:
            assert done.err == ""
    assert {done.code for done in outcomes} in ({0}, {2})
    new = tree(project.parent).keys() - before.keys()
    assert not [path for path in new if not path.startswith(("project/results", "project/scratch"))]
    return outcomes


def places(content, here=()):
    """Yield the path of every value in nested content."""
    for key, value in content.items() if isinstance(content, dict) else enumerate(content):
        yield (*here, key)
        if isinstance(value, (dict, list)):
            yield from places(value, (*here, key))


def changed(content, place, value, key=None):
    """Return a copy with one value, or one key, replaced."""
    content = json.loads(json.dumps(content))
    holder = content
    for part in place[:-1]:
        holder = holder[part]
    if key is None or isinstance(holder, list):
        holder[place[-1]] = value
    else:
        holder[key] = holder.pop(place[-1])
    return content


RICH = example(
    base={"n_critic": 2, "optimizer.lr": 1e-3},
    overrides=[{"when": {"method": "wgan"}, "set": {"n_critic": 3}}],
    grid=[{"method": ["gan", "wgan"], "critic.width": {"values": [8], "when": {"n_critic": 2}}}],
    scales={
        "smoke": {
            "seeds": [0, 1],
            "set": {"iterations": 10},
            "only": {"method": ["gan", "wgan"]},
            "without": [{"critic.width": 9}],
            "overrides": [{"when": {"method": "gan"}, "set": {"batch_size": 4}}],
        },
        "gpu": {"seeds": 1, "set": {"critic.width": 9}},
    },
)
PLACES = list(places(RICH))


@cases(0.5)
@given(place=st.sampled_from(PLACES), value=VALUES, key=st.none() | KEYS)
def test_a_hostile_value_or_key_anywhere_in_an_experiment(project, place, value, key):
    content = changed(RICH, place, value, key)
    (project / FILE).write_text(
        json.dumps(content, ensure_ascii=key is not None), "utf-8", "replace"
    )
    check(project, FILE)


GOOD_YAML = """\
title: An example
source: none
question: Does it plan?
base: {data.name: 8gaussians, generator.name: mlp, critic.name: mlp, iterations: 100}
grid:
  - method: [gan, wgan]
scales:
  smoke: {seeds: 2}
"""
PIECES = [
    b"\t", b"\0", b"\xff\xfe", b"\xef\xbb\xbf", b"\xc0\xaf", b"\r\n", b"\r", b"---\n", b"...\n",
    b"%YAML 1.1\n", b"&a ", b"*a", b"<<: *a\n", b"!!python/object/apply:os.system [touch x]",
    b"!!binary aGk=", b"? ", b"| \n", b">-\n", b"{", b"[", b"]", b"}", b"#", b"\"", b"'", b": ",
    b"title: again\n", b"- ", b"\xe2\x80\xa8", b"\xed\xa0\x80", b"9" * 5000, b"1e400", b".inf",
    b".nan", b"0x10", b"[" * 2000, b"{a: " * 500, b"\x85", b"\x1b]0;x\x07",
]  # fmt: skip


@cases(0.5)
@given(
    file=st.sampled_from([FILE, PARAMS]),
    pieces=st.lists(
        st.tuples(st.sampled_from(PIECES) | st.binary(max_size=6), st.integers(0, 200)),
        min_size=1,
        max_size=3,
    ),
    kept=st.just(10_000) | st.integers(0, 200),
)
def test_bytes_that_do_not_belong_into_a_file(project, file, pieces, kept):
    put_right(project)
    text = GOOD_YAML if file == FILE else "scale: smoke\ndevice: cpu\nextractor: classifier\n"
    content = text.encode()[:kept]
    for piece, place in pieces:
        content = content[:place] + piece + content[place:]
    (project / file).write_bytes(content)
    check(project, file)


@cases(0.5)
@given(key=st.sampled_from(["scale", "device", "extractor"]) | KEYS, value=VALUES)
def test_a_hostile_value_or_key_in_the_parameters(project, key, value):
    content = {"scale": "smoke"} | {key: value}
    (project / PARAMS).write_text(json.dumps(content), "utf-8", "replace")
    check(project, PARAMS)


def bomb() -> str:
    """Return a billion laughs."""
    rows = ["a0: &a0 [x, x]"] + [
        f"a{k}: &a{k} [{', '.join([f'*a{k - 1}'] * 9)}]" for k in range(1, 10)
    ]
    return "\n".join(rows)


def merge_bomb() -> str:
    rows = ["a0: &a0 {x: 1}"] + [
        f"a{k}: &a{k} {{<<: [*a{k - 1}, *a{k - 1}]}}" for k in range(1, 30)
    ]
    return "\n".join(rows)


@pytest.mark.parametrize("content", [bomb(), merge_bomb(), "a: &a [*a]", "<<: {scale: smoke}"])
@pytest.mark.parametrize("file", [FILE, PARAMS])
def test_a_bomb_is_refused_before_it_grows(project, file, content):
    (project / file).write_text(content)
    tracemalloc.start()
    outcomes = check(project, file)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert {done.code for done in outcomes} == {2}
    assert peak < 50e6


def cube(*sizes: int) -> dict:
    keys = ("n_critic", "batch_size", "samples", "log_every", "critic.width")
    axes = {key: list(range(2, 2 + size)) for key, size in zip(keys, sizes, strict=False)}
    return {"method": "wgan"} | axes


EXPLOSIONS = {
    "grid.0.batch_size": example(grid=[cube(1000, 1000, 1000)]),
    "grid.0.samples": example(grid=[cube(100, 100, 100, 100, 10)]),
    "grid": example(grid=[cube(1000, 9), cube(9, 1000)]),
    "scales.smoke.seeds": example(scales={"smoke": {"seeds": list(range(3000))}}),
    "overrides": example(overrides=[{"when": {"method": "gan"}, "set": {}}] * 201),
    "base: iterations": example(base={"iterations": 10**9}),
    "base: samples": example(base={"samples": 10**9}),
}


@pytest.mark.parametrize("key", EXPLOSIONS)
def test_what_would_explode_is_refused_before_it_is_expanded(project, key):
    write(project / "experiments", EXPLOSIONS[key])
    tracemalloc.start()
    outcomes = check(project, FILE)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert {done.code for done in outcomes} == {2}
    assert all(done.err.startswith(f"wganbench: {FILE}: {key}: ") for done in outcomes)
    assert peak < 100e6


def test_the_costliest_file_that_is_read_is_answered_in_seconds(project):
    """Ten thousand points, each asked of as many overrides as there may be."""
    rules = [{"when": {"n_critic": k % 100 + 2}, "set": {"patience": k}} for k in range(200)]
    write(project / "experiments", example(grid=[cube(100, 100)], overrides=rules))
    done = command("plan")
    assert (done.code, done.err) == (0, "")
    assert "10000 runs" in done.out
    assert done.seconds < 40  # 6 on the machine that this was written on


LONG_ROWS = {
    "digits": "9" * 90_000 + "x",
    "a fraction": "9" * 40_000 + "." + "9" * 40_000 + "e",
    "signs": "+" * 90_000,
    "dots": "." * 90_000,
    "spaces": "x" + " " * 90_000 + "x",
    "escapes": '"' + "\\x41" * 20_000 + '"',
    "numbers": "[" + "1," * 45_000 + "1]",
}


@pytest.mark.parametrize("row", LONG_ROWS)
def test_a_long_row_of_characters_takes_no_longer_than_its_length(project, row):
    (project / PARAMS).write_text(f"scale: {LONG_ROWS[row]}\n")
    assert {done.code for done in check(project, PARAMS)} == {2}


ODD = {
    "a folder": lambda path: path.mkdir(),
    "a pipe": os.mkfifo,
    "a loop": lambda path: path.symlink_to(path.name),
    "a dead link": lambda path: path.symlink_to("nowhere"),
    "no end": lambda path: path.symlink_to("/dev/zero"),
    "a terminal": lambda path: path.symlink_to("/dev/tty"),
    "a link to itself by a folder": lambda path: path.symlink_to(
        f"../{path.parent.name}/{path.name}"
    ),
    "a name too long": lambda path: path.symlink_to("x" * 255),
}


@pytest.mark.parametrize("kind", ODD)
@pytest.mark.parametrize("file", [FILE, PARAMS])
def test_what_is_no_file_is_refused_and_not_waited_for(project, file, kind):
    path = project / file
    path.unlink()
    ODD[kind](path)
    try:
        outcomes = check(project, file)
    finally:
        path.rmdir() if path.is_dir() else path.unlink()
    assert {done.code for done in outcomes} == {2}


@pytest.mark.parametrize("kind", ["a pipe", "a loop", "a dead link", "no end"])
def test_experiments_that_are_no_folder_are_refused(project, kind):
    (project / FILE).unlink()
    (project / "experiments").rmdir()
    ODD[kind](project / "experiments")
    try:
        outcomes = check(project, "experiments/")
    finally:
        (project / "experiments").unlink()
        (project / "experiments").mkdir()
    assert {done.code for done in outcomes} == {2}


@pytest.mark.parametrize(
    "name", ["-rf", "$(touch x)", "a\nb", "a b", "é", "ａ", "x" * 200, "a;b", "A", "\udcff"]
)
def test_a_hostile_file_name_is_refused(project, name):
    path = project / "experiments" / f"{name}.yaml"
    path.write_text(json.dumps(EXAMPLE))
    try:
        done = command("plan")
    finally:
        path.unlink()
    assert done.code == 2
    assert done.err.count("\n") == 1
    assert done.err.startswith("wganbench: experiments/")
    assert "the name may hold" in done.err
    assert done.err[:-1].isprintable()


REAL = {
    "good": (b"scale: smoke\n", 0),
    "latin-1": (b"scale: caf\xe9\n", 2),
    "utf-16": ("scale: smoke\n".encode("utf-16"), 2),
    "a tag": (b"scale: !!python/object/apply:os.system ['touch x']\n", 2),
    "an escape": (b'scale: "\\e[31mred"\n', 2),
    "crlf": (b"scale: smoke\r\ndevice: cpu\r\n", 0),
}


@pytest.mark.parametrize("case", REAL)
def test_a_real_process_answers_like_one(project, case):
    content, code = REAL[case]
    (project / PARAMS).write_bytes(content)
    before = tree(project.parent).keys()
    done = subprocess.run(
        [sys.executable, "-c", "from wganbench.cli import main; main()", "plan"],
        capture_output=True,
        text=True,
        env=os.environ | {"LC_ALL": "C", "PYTHONDONTWRITEBYTECODE": "1"},
    )
    assert done.returncode == code
    assert done.stderr.count("\n") == (code == 2)
    assert done.stderr.isascii()
    assert tree(project.parent).keys() == before
