"""One report of real results at scale smoke, one Chromium."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import skip_loudly
from debian import NotInstalledError, ensure_installed
from playwright.sync_api import Browser, sync_playwright

CHROMIUM = "/usr/bin/chromium"  # where Debian puts it
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip


@pytest.fixture(scope="session")
def project(smoke_project) -> Path:
    return smoke_project


@pytest.fixture(scope="session")
def pages(project) -> list[Path]:
    """Every page of the report."""
    return sorted((project / "reports").glob("*.html"))


@pytest.fixture(scope="session")
def explorer(pages) -> Path:
    """The page with the run explorer."""
    (path,) = [page for page in pages if 'class="block explorer"' in page.read_text("utf-8")]
    return path


@pytest.fixture(scope="session")
def records(project) -> dict[str, dict]:
    """Each run's record by its id."""
    paths = (project / "results/runs").glob("*/*/run.json")
    return {record["id"]: record for record in (json.loads(p.read_text()) for p in paths)}


# Not for the session: while Playwright runs, its event loop is every test's.
@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """A running Chromium; skip, with the reason, where there is none."""
    try:
        ensure_installed(["chromium"], ["chromium"])
    except NotInstalledError as reason:
        skip_loudly(f"Browser tests skipped: {reason}")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium
        chromium.close()
