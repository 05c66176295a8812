"""The one-node Slurm that these tests share."""

import contextlib
import os
from collections.abc import Iterator

import pytest
from conftest import WITHOUT_SLURM, skip_loudly

from slurm.cluster import Cluster, running_cluster
from slurm.installation import NoSlurmError


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
