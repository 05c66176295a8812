"""Which files a run consists of: what the rules make, and what status, prune and verify look at."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wganbench.plan.configuration import Configuration

RESULTS = Path("results")
RUNS = RESULTS / "runs"  # EXPERIMENT/NAME/ for each run
REPORTS = Path("reports")
RECORD = "run.json"
TRAINED = (RECORD, "curves.parquet", "samples.npz", "networks.safetensors")
TRANSPORT = "transport.parquet"
FIDELITY = "fidelity.parquet"


def measured(configuration: Configuration) -> tuple[str, ...]:
    """Return the files that are measured on a trained run."""
    data = configuration.data
    return (
        *((TRANSPORT,) if data.kind != "images" else ()),
        *((FIDELITY,) if data.modes() is not None else ()),
    )
