"""What these tests share: a Slurm of two nodes, and what comes out without it."""

import contextlib
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import WITHOUT_SLURM, skip_loudly

from slurm.cluster import Cluster, running_cluster
from slurm.installation import NoSlurmError
from slurm.workflow import BIN, EXPERIMENT, project, runs


@pytest.fixture(scope="session")
def slurm() -> Iterator[Cluster]:
    """Yield a running cluster; skip, with the reason, where none can run."""
    with pytest.MonkeyPatch.context() as patch, contextlib.ExitStack() as stack:
        for name in [name for name in os.environ if name.startswith(("SLURM_", "SBATCH_"))]:
            patch.delenv(name)
        patch.setenv("PATH", os.environ["PATH"].replace(WITHOUT_SLURM, ""))
        try:
            cluster = stack.enter_context(running_cluster())
        except NoSlurmError as reason:
            skip_loudly(f"Slurm tests skipped: {reason}")
        yield cluster


@pytest.fixture(scope="session")
def uninterrupted(tmp_path_factory) -> dict[str, dict[str, str]]:
    """Return the runs' digests as they come without Slurm and without a crash."""
    folder = project(tmp_path_factory.mktemp("local") / "a project")
    command = [BIN / "wganbench", "run", Path(EXPERIMENT).stem, "--scale", "smoke", "--no-report"]
    subprocess.run(command, cwd=folder, capture_output=True, check=True, timeout=400)
    return runs(folder)
