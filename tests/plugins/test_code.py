"""The digest of code: no prose and no layout changes it, whatever decides a number does."""

import ast
import io
import random
import subprocess
import sys
import tokenize
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from conftest import ROOT
from package_copy import Copy, Digests, changed, forget, laptop

from wganbench.errors import UserError
from wganbench.plan.steps import CLAIMS, REPORT
from wganbench.plugins.code import closure, code_digest


@pytest.fixture
def copy(tmp_path) -> Copy:
    return Copy(tmp_path)


@pytest.fixture(scope="module")
def original(tmp_path_factory) -> Digests:
    return Copy(tmp_path_factory.mktemp("original")).digests()


# --- ways to write the same code


def with_comments(source: str, chance: random.Random) -> str:
    """Put comments and blank lines at random places between lines, and behind some."""
    inside = set()  # lines that begin inside a text, or go on behind a backslash
    ends = {}  # lines that end outside of one
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.STRING:
            inside |= set(range(token.start[0] + 1, token.end[0] + 1))
        if token.type in (tokenize.NEWLINE, tokenize.NL) and token.line.strip():
            ends[token.start[0]] = token.start[1]
    lines = source.splitlines()
    inside |= {n + 2 for n, line in enumerate(lines) if line.endswith("\\")}
    written = []
    for number, line in enumerate(lines, 1):
        if number not in inside and chance.random() < 0.2:
            indent = " " * chance.randrange(9)
            written += ["", f"{indent}# {chance.random()}", ""][: chance.randrange(1, 4)]
        if number in ends and "#" not in line and chance.random() < 0.2:
            line += "  # more"
        written.append(line)
    return "\n".join(written) + "\n"


def reformatted(source: str, chance: random.Random) -> str:
    """Return what another formatter might make of it: no comments, other quotes and breaks."""
    return ast.unparse(ast.parse(source))


def prose_of(tree: ast.Module) -> Iterator[ast.expr]:
    """Yield docstrings, also those below fields, and descriptions of settings."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(getattr(node.value, "value", None), str):
            yield node.value
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Field":
            yield from (k.value for k in node.keywords if k.arg == "description")


def in_other_words(source: str, chance: random.Random) -> str:
    """Replace every docstring and every description."""
    lines = source.encode().splitlines(keepends=True)
    starts = [sum(map(len, lines[:n])) for n in range(len(lines) + 1)]
    content = source.encode()
    places = sorted(
        (starts[n.lineno - 1] + n.col_offset, starts[n.end_lineno - 1] + n.end_col_offset)
        for n in prose_of(ast.parse(source))
    )  # fmt: skip
    for start, end in reversed(places):
        content = content[:start] + f'"{chance.random()}"'.encode() + content[end:]
    return content.decode()


def with_imports_of_types(source: str, chance: random.Random) -> str:
    """Import something for types alone."""
    body = ast.parse(source).body
    last = max((n.end_lineno or 0 for n in body if isinstance(n, ast.Import | ast.ImportFrom)),
               default=0)  # fmt: skip
    lines = source.splitlines()
    more = [
        "from typing import TYPE_CHECKING",
        "if TYPE_CHECKING:",
        "    from wganbench.report.site.write import write_report",
    ]
    return "\n".join([*lines[:last], *more, *lines[last:]]) + "\n" if last else source


WAYS = [with_comments, reformatted, in_other_words, with_imports_of_types]


@pytest.mark.parametrize("seed", [1, pytest.param(2, marks=pytest.mark.long)])
@pytest.mark.parametrize("rewritten", WAYS, ids=lambda way: way.__name__)
def test_how_the_same_code_is_written_changes_no_digest(copy, original, rewritten, seed):
    before, chance, edited = copy.of_all(), random.Random(seed), 0
    for path in copy.modules():
        source = path.read_text(encoding="utf-8")
        text = rewritten(source, chance)
        edited += text != source
        path.write_text(text, encoding="utf-8")
        ast.parse(text)
    assert edited > 150
    assert copy.digests() == original
    assert copy.of_all() == before


def test_line_ends_of_windows_change_no_digest(copy, original):
    before = copy.of_all()
    files = [path for path in copy.package.rglob("*") if path.is_file()]
    for path in files:
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert {path.suffix for path in files} > {".py"}  # what lies beside modules counts too
    assert copy.digests() == original
    assert copy.of_all() == before


# --- what decides a number


def numbers_changed(node: ast.AST) -> bool:
    if isinstance(node, ast.Constant) and type(node.value) in (int, float):
        node.value += 1
        return True
    return False


def operators_changed(node: ast.AST) -> bool:
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Sub | ast.Mult | ast.Div):
        node.op = ast.Pow()
        return True
    return False


def defaults_changed(node: ast.AST) -> bool:
    if isinstance(node, ast.AnnAssign) and isinstance(node.value, ast.Constant):
        node.value = ast.Constant("another")
        return True
    return False


def names_changed(node: ast.AST) -> bool:
    if isinstance(node, ast.Attribute):
        node.attr += "_"
        return True
    return False


MUTATIONS = [numbers_changed, operators_changed, defaults_changed, names_changed]


@pytest.mark.parametrize("mutate", MUTATIONS, ids=lambda mutate: mutate.__name__)
def test_a_change_in_a_random_module_changes_the_runs_that_import_it_and_no_other(
    copy, original, mutate: Callable[[ast.AST], bool]
):
    chance = random.Random(mutate.__name__)
    used = closure(["wganbench.training.train", *parts_of_runs()])
    for name in chance.sample(sorted(used), 6):
        path = Path(copy.folder, *name.split("."))
        path = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
        source = path.read_text()
        tree = ast.parse(source)
        described = {id(n) for p in prose_of(tree) for n in ast.walk(p)}
        nodes = [node for node in ast.walk(tree) if id(node) not in described]
        chance.shuffle(nodes)
        if not any(mutate(node) for node in nodes):  # the first that can be
            continue
        path.write_text(ast.unparse(tree))
        after = copy.digests()
        path.write_text(source)
        users = {
            run.id for run in laptop() if name in closure(["wganbench.training.train", *homes(run)])
        }
        assert changed(original, after, "train") == users, (name, ast.unparse(tree))


def homes(run) -> set[str]:
    """Return the modules of a run's plug-ins, bases included."""
    c = run.configuration
    sections = {type(value) for value in vars(c.algorithm).values()}
    parts = {type(c), type(c.data), type(c.algorithm), *sections}
    return {base.__module__ for part in parts for base in part.__mro__
            if base.__module__.startswith("wganbench")}  # fmt: skip


def parts_of_runs() -> set[str]:
    return set().union(*(homes(run) for run in laptop()))


# --- what is followed


def test_a_step_is_followed_through_imports_in_functions_and_no_further_than_contracts():
    found = closure(["wganbench.training.train"])
    assert "wganbench.training.state" in found
    assert "wganbench.nets.layers.lipschitz" in closure(["wganbench.nets.mlp"])  # in a method
    cut = ("wganbench.errors", "wganbench.plan", "wganbench.plugins", "wganbench.records")
    assert not [name for name in found if name.startswith(cut)]
    assert not [name for name in found if not name.startswith("wganbench")]  # nor libraries


def test_a_starred_step_stands_for_every_module_that_is_found_by_its_file(copy):
    before = copy.of_all()
    claim = copy.package / "claims/brand_new.py"
    claim.write_text("")
    after = copy.of_all()
    assert (before["claims"] == after["claims"], before["report"]) == (False, after["report"])


def test_data_files_beside_modules_count_for_what_reads_them(copy, original):
    before = copy.of_all()
    [template, *_] = sorted((copy.package / "report/site/templates").iterdir())
    template.write_text(template.read_text() + "<!-- changed -->")
    after = copy.of_all()
    assert before["report"] != after["report"]
    assert before["claims"] == after["claims"]
    assert copy.digests() == original
    (template.parent / "around").symlink_to(template.parent)
    assert copy.of_all() == after
    (template.parent / "new.css").write_text("")
    assert copy.of_all()["report"] != after["report"]


def test_a_digest_is_the_same_in_every_process():
    code = "from wganbench.plan.steps import CLAIMS, REPORT\nprint(CLAIMS.code(), REPORT.code())"
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout.split() == [CLAIMS.code(), REPORT.code()]


def test_a_plug_in_that_was_typed_at_a_prompt_is_refused_in_one_line():
    script = """
from typing import Literal
from wganbench.errors import UserError
from wganbench.objectives.wasserstein import Wasserstein
from wganbench.plugins.code import code_digest

class Mine(Wasserstein):
    name: Literal["mine"] = "mine"

try:
    code_digest("wganbench.training.train", plugins=[Mine()])
except UserError as error:
    print(error)
"""
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )
    expected = "plug-in module __main__: has no file; save it as a module of a package\n"
    assert done.stdout == expected


def test_a_step_that_is_nowhere_is_refused():
    with pytest.raises(UserError, match=r"wganbench\.nowhere"):
        code_digest("wganbench.nowhere")
    forget()
