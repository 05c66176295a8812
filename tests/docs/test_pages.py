"""What README.md and docs/ tell people to type is accepted, and where they point is something."""

import re
import shlex
from importlib.util import find_spec
from pathlib import Path

import pytest
import typer
from conftest import ROOT

from wganbench.cli import app

PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
COMMANDS = typer.main.get_command(app)
# What the project has under version control; data/, results/ and reports/ hold what runs make.
TRACKED = ("benchmarks", "docs", "experiments", "pipelines", "slurm", "tests", "wganbench")
CREATED = set(re.findall(r"^`([\w./-]+)`$", (ROOT / "docs/extending.md").read_text(), re.MULTILINE))


def typed(page: Path) -> list[list[str]]:
    """Return the commands in a page's console blocks, each as its words."""
    found = []
    for block in re.findall(r"```console\n(.*?)```", page.read_text(), re.DOTALL):
        for line in block.replace("\\\n", " ").splitlines():
            if line.startswith("$ "):
                for part in re.split(r"&&|\|", line[2:]):
                    words = shlex.split(part.partition(">")[0], comments=True)
                    found.append([w for n, w in enumerate(words) if n or "=" not in w])
    return found


ALL = [
    pytest.param(words, id=f"{page.name}: {' '.join(words)}")
    for page in PAGES
    for words in typed(page)
]


def parse_wganbench(words: list[str]) -> None:
    command, context = COMMANDS, None
    while hasattr(command, "commands"):
        name, *words = words
        assert name in command.commands, f"wganbench has no command {name!r}"
        command = command.commands[name]
    context = command.make_context(command.name, list(words))
    assert context is not None


def parse_snakemake(words: list[str]) -> None:
    from snakemake.cli import get_argument_parser

    arguments = get_argument_parser().parse_args(words)
    assert all((ROOT / name / "config.yaml").exists() for name in arguments.profile or [])


def parse_dvc(words: list[str]) -> None:
    from dvc.cli.parser import get_main_parser

    get_main_parser().parse_args(words)


def parse_python(words: list[str]) -> None:
    script, *arguments = words
    if script == "-m":
        assert find_spec(arguments[0])
        return
    assert (ROOT / script).exists()
    assert all(word.isdigit() for word in arguments)


def parse_make(words: list[str]) -> None:
    targets = re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert {word for word in words if "=" not in word} <= set(targets)


def parse_sbatch(words: list[str]) -> None:
    *_, option, wrapped = words
    assert option == "--wrap"
    program, *arguments = shlex.split(wrapped)
    PARSERS[program](arguments)


def parse_nohup(words: list[str]) -> None:
    program, *arguments = words
    PARSERS[program](arguments)


def parse_apptainer(words: list[str]) -> None:
    command, image, definition = words
    assert command == "build"
    assert (ROOT / definition).exists()
    assert f'IMAGE = "{image}"' in (ROOT / "pipelines/container.smk").read_text()


def parse_uv(words: list[str]) -> None:
    assert words[:2] in (["pip", "install"], ["pip", "compile"])
    lock = (ROOT / "requirements.lock").read_text()
    assert all(f"\n{word} " in lock for word in words if "==" in word)


PARSERS = {
    "apptainer": parse_apptainer,
    "nohup": parse_nohup,
    "uv": parse_uv,
    "sbatch": parse_sbatch,
    "wganbench": parse_wganbench,
    "snakemake": parse_snakemake,
    "dvc": parse_dvc,
    "make": parse_make,
    "python": parse_python,
}


@pytest.mark.parametrize("words", ALL)
def test_a_command_on_a_page_parses(words):
    program, *arguments = words
    if program in ("source", "git", "cd", "export", "nano", "tmux"):
        return
    PARSERS[program](arguments)


@pytest.mark.parametrize(
    "words",
    [["plann"], ["plan", "--scall", "gpu"], ["slurm", "chek"], ["transport"], ["compare", "a"]],
)
def test_a_wrong_command_on_a_page_would_be_seen(words):
    with pytest.raises((AssertionError, typer.TyperException)):
        parse_wganbench(words)


def heading_anchors(page: Path) -> set[str]:
    """Return the anchors that GitHub gives a page's headings."""
    text = re.sub(r"```.*?```", "", page.read_text(), flags=re.DOTALL)
    headings = re.findall(r"^#+ (.*)$", text, re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading).lower().replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_somewhere(page):
    text = re.sub(r"```.*?```", "", page.read_text(), flags=re.DOTALL)
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if target.startswith("https://"):
            continue
        path, _, anchor = target.partition("#")
        linked = (page.parent / path).resolve() if path else page
        assert linked.exists(), f"{page.name} links {target}"
        assert not anchor or anchor in heading_anchors(linked), f"{page.name} links {target}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_path_of_the_project_that_is_named_exists(page):
    for path in re.findall(r"`([\w.-]+/[\w./-]*)`", page.read_text()):
        if path.partition("/")[0] in TRACKED and not re.search(r"[A-Z]{3}", path):
            assert (ROOT / path).exists() or path in CREATED, f"{page.name} names {path}"


def test_the_pages_are_found_and_hold_commands():
    assert len(PAGES) >= 9
    assert len(ALL) >= 40
