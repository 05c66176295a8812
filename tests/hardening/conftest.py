"""One finished project for all tests of damage; each test puts back what it broke."""

import os
import shutil
from pathlib import Path

import pytest

from hardening.projects import Project


@pytest.fixture(scope="session")
def finished(tmp_path_factory):
    """A project's folder in which everything is done; to be copied, not changed."""
    folder = tmp_path_factory.mktemp("finished")
    before = Path.cwd()
    os.chdir(folder)
    try:
        Project(folder).make()
    finally:
        os.chdir(before)
    return folder


@pytest.fixture(scope="module")
def copied(finished, tmp_path_factory):
    """A copy of it for one module, which is the working folder of its tests."""
    return shutil.copytree(finished, tmp_path_factory.mktemp("copied") / "project")


@pytest.fixture
def project(copied, monkeypatch):
    """The module's copy as the working folder."""
    monkeypatch.chdir(copied)
    return Project(copied)
