"""The facts of a process, a machine and a working tree, for the record of what was made there."""

import os
import platform
import resource
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

from wganbench.records.run import Provenance

# What git holds of the results: a run before this one may have changed it.
_PRODUCTS = (":(exclude)results", ":(exclude)dvc.lock")
PACKAGES = ("wganbench", "torch", "numpy", "scikit-learn", "pot")


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
        return None  # no git, or no repository
    return done.stdout.strip()
