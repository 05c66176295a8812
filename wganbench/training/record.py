"""`run.json`: what was run, how it ended, on what, and how long it took."""

import os
import platform
import resource
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field

from wganbench.errors import UserError
from wganbench.files import written_atomically
from wganbench.json_files import read_json
from wganbench.plan.plugins import Strict
from wganbench.plan.runs import digest_of

SCHEMA_VERSION = 1
# What git holds of the results: a run before this one may have changed it.
_PRODUCTS = (":(exclude)results", ":(exclude)dvc.lock")
PACKAGES = ("wganbench", "torch", "numpy", "scikit-learn", "pot")


class SeedStatus(Strict):
    """How one seed ended."""

    seed: int
    status: Literal["ok", "diverged"]
    diverged_at: Annotated[
        int | None, Field(description="First logged iteration with a loss that is not finite.")
    ] = None
    converged_at: Annotated[
        int | None, Field(description="Iteration at which it stopped early (see patience).")
    ] = None


class Provenance(Strict):
    """Enough to make the result again, or to know why it differs."""

    git_commit: Annotated[str | None, Field(description="Commit of the working tree, if any.")]
    git_dirty: Annotated[
        bool | None, Field(description="Whether tracked files, results apart, were changed.")
    ]
    code_digest: Annotated[str, Field(description="Digest of the modules that trained the run.")]
    data_sha256: Annotated[str, Field(description="Digest of the data file it was trained on.")]
    python: str
    packages: dict[str, str]
    platform: str
    device: Annotated[str, Field(description="cpu or cuda.")]
    device_name: Annotated[str, Field(description="The processor's or GPU's own name.")]
    threads: int
    flush_denormal: bool
    deterministic: Annotated[bool, Field(description="torch's deterministic algorithms were on.")]


class Timings(Strict):
    """Wall-clock seconds and memory; evaluation is counted apart from training."""

    total: Annotated[
        float, Field(description="Seconds from the start to the last file, all processes together.")
    ]
    training: Annotated[float, Field(description="Seconds in training steps, all seeds together.")]
    per_iteration: Annotated[float, Field(description="Training seconds per generator iteration.")]
    at_evaluations: Annotated[
        list[float], Field(description="Training seconds spent at each evaluation point.")
    ]
    resumed_at: Annotated[
        list[int],
        Field(description="Iterations after which it went on from a checkpoint."),
    ] = []
    peak_memory_mib: Annotated[float, Field(description="Peak resident (or GPU) memory.")]


class RunRecord(Strict):
    """The content of run.json."""

    schema_version: int = SCHEMA_VERSION
    id: str
    experiment: str
    scale: str
    point: Annotated[dict[str, Any], Field(description="The grid's point.")]
    seeds: Annotated[list[SeedStatus], Field(description="Each seed and how it ended.")]
    configuration: Annotated[dict[str, Any], Field(description="The resolved configuration.")]
    digest: Annotated[str, Field(description="Digest of configuration and seeds.")]
    files: Annotated[
        dict[str, str],
        Field(description="SHA-256 of each file that training left; empty in older records."),
    ] = {}
    timings: Timings
    provenance: Provenance

    def ok_seeds(self) -> list[int]:
        """Return the seeds that did not diverge."""
        return [s.seed for s in self.seeds if s.status == "ok"]


def write_record(record: RunRecord, path: Path) -> None:
    """Write run.json, atomically."""
    with written_atomically(path) as temporary:
        temporary.write_text(record.model_dump_json(indent=2) + "\n", encoding="utf-8")


def read_record(path: Path) -> RunRecord:
    """Return a run's record.

    Raises:
        UserError: the file is missing, damaged or of another schema version.
    """
    remedy = "train the run again"
    record = read_json(path, RunRecord, SCHEMA_VERSION, remedy)
    if record.digest != digest_of(record.configuration, [s.seed for s in record.seeds]):
        raise UserError(
            f"{path}: digest: is not that of the configuration and seeds beside it; {remedy}"
        )
    return record


def provenance(device: str, code_digest: str, data_sha256: str) -> Provenance:
    """Return the facts of this process, this machine and this working tree."""
    import torch

    commit = _git("rev-parse", "HEAD")
    changes = _git("status", "--porcelain", "--untracked-files=no", "--", ".", *_PRODUCTS)
    return Provenance(
        git_commit=commit,
        git_dirty=None if changes is None else bool(changes),
        code_digest=code_digest,
        data_sha256=data_sha256,
        python=platform.python_version(),
        packages={name: version(name) for name in PACKAGES},
        platform=platform.platform(),
        device=device,
        device_name=torch.cuda.get_device_name() if device == "cuda" else _processor(),
        threads=torch.get_num_threads(),
        flush_denormal=True,
        deterministic=torch.are_deterministic_algorithms_enabled(),
    )


def peak_memory_mib(device: str) -> float:
    """Return the peak memory of the GPU, or of this process on the CPU, in MiB."""
    import torch

    if device == "cuda":
        return torch.cuda.max_memory_allocated() / 2**20
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (2**20 if sys.platform == "darwin" else 2**10)


def _processor() -> str:
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        for line in cpuinfo.read_text(encoding="utf-8", errors="replace").splitlines():
            if line.startswith("model name"):
                return f"{line.partition(':')[2].strip()} ({os.cpu_count()} logical cores)"
    return platform.processor() or platform.machine()


def _git(*arguments: str) -> str | None:
    try:
        done = subprocess.run(
            ["git", *arguments],  # noqa: S607
            capture_output=True,
            text=True,
            check=True,
            timeout=30,
        )
    except (OSError, subprocess.SubprocessError):
        return None  # no git, or no repository: the record says so
    return done.stdout.strip()
