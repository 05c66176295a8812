"""Folders import one way: whoever reads a folder need not know those above it."""

import ast
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise
from pathlib import Path

import pytest
from conftest import ROOT

PACKAGE = ROOT / "wganbench"
OURS = "wganbench"


def folder_of(module: str) -> str:
    """Return the folder that a module lies in; a module beside the folders stands for itself."""
    file = ROOT.joinpath(*module.split("."))
    if (file / "__init__.py").exists():
        return module
    parent = module.rpartition(".")[0]
    return module if parent == OURS else parent


def exists(module: str) -> bool:
    path = ROOT.joinpath(*module.split("."))
    return path.with_suffix(".py").exists() or (path / "__init__.py").exists()


def imported(tree: ast.AST) -> set[str]:
    """Return the modules of ours that code imports, at its top or later; imports of types apart."""
    if isinstance(tree, ast.If) and getattr(tree.test, "id", "") == "TYPE_CHECKING":
        return {name for node in tree.orelse for name in imported(node)}
    found: set[str] = set()
    if isinstance(tree, ast.Import):
        found = {alias.name for alias in tree.names}
    if isinstance(tree, ast.ImportFrom) and tree.module:
        found = {tree.module, *(f"{tree.module}.{alias.name}" for alias in tree.names)}
    for node in ast.iter_child_nodes(tree):
        found |= imported(node)
    return {name for name in found if name.split(".")[0] == OURS and exists(name)}


def graph(package: Path) -> dict[str, dict[str, str]]:
    """Return for each folder those that it imports, and a module by which it does."""
    found: dict[str, dict[str, str]] = {}
    for file in sorted(package.rglob("*.py")):
        parts = file.relative_to(package.parent).with_suffix("").parts
        module = ".".join(parts).removesuffix(".__init__")
        here = folder_of(module)
        for name in imported(ast.parse(file.read_text(encoding="utf-8"))):
            there = folder_of(name)
            if there not in (here, OURS):
                found.setdefault(here, {}).setdefault(there, module)
    return found


def test_no_folder_reaches_itself_through_others():
    imports = graph(PACKAGE)
    try:
        order = list(TopologicalSorter(imports).static_order())
    except CycleError as error:
        circle = error.args[1]  # each is imported by the one after it
        steps = [f"{b} -> {a} (in {imports[b][a]})" for a, b in pairwise(circle)]
        pytest.fail("folders import one another in a circle: " + "; ".join(steps))
    assert order[-2:] == [f"{OURS}.cli", f"{OURS}.jobs"]


def test_the_graph_sees_imports_in_functions_and_none_of_types(tmp_path):
    source = (
        "from typing import TYPE_CHECKING\n"
        "if TYPE_CHECKING:\n    from wganbench.report import page\n"
        "else:\n    from wganbench.plan import params\n"
        "def late():\n    from wganbench.training import loop\n    import wganbench.errors\n"
    )
    found = {folder_of(name) for name in imported(ast.parse(source))}
    assert found == {"wganbench.plan", "wganbench.training", "wganbench.errors"}
