"""What a row of the run explorer unfolds to: all that it takes to make the run again."""

import os
from pathlib import Path

from wganbench.plan.run_files import run_as_yaml
from wganbench.plan.runs import Run
from wganbench.records.run import Provenance, RunRecord, SeedStatus

LOGS = Path("logs/train")
LOG_LINES = 20
LOG_BYTES = 4_000  # of the end of a log, in which those lines are looked for
# What a row unfolds to, in this order, and how the page shows it.
TERMS = {
    "make it again": "code",
    "from this file": "file",
    "seeds": "text",
    "timings": "text",
    "hardware": "text",
    "packages": "text",
    "code digest": "code",
    "git commit": "code",
    "data sha256": "code",
    "end of the training log": "lines",
}


def details(run: Run, record: RunRecord, logs: Path) -> dict[str, str]:
    """Return a text for each term."""
    made = record.provenance
    texts = (
        f"wganbench train {run.id} --scale {run.scale} --device {made.device}",
        run_as_yaml(run),
        "; ".join(map(_seed, record.seeds)),
        _timings(record),
        _machine(made),
        ", ".join([f"python {made.python}", *(f"{n} {v}" for n, v in made.packages.items())]),
        made.code_digest,
        _commit(made),
        made.data_sha256,
        _end_of_log(logs / f"{run.id}.log"),
    )
    return dict(zip(TERMS, texts, strict=True))


def hardware(made: Provenance) -> str:
    """Return the device and its name."""
    return f"{made.device}: {made.device_name}"


def _seed(seed: SeedStatus) -> str:
    if seed.diverged_at is not None:
        return f"seed {seed.seed} {seed.status} at iteration {seed.diverged_at:,}"
    early = "" if seed.converged_at is None else f", stopped early at {seed.converged_at:,}"
    return f"seed {seed.seed} {seed.status}{early}"


def _timings(record: RunRecord) -> str:
    timings = record.timings
    return (
        f"{timings.total:.1f} s in all, {timings.training:.1f} s of them in training steps; "
        f"peak memory {timings.peak_memory_mib:,.0f} MiB"
    )


def _machine(made: Provenance) -> str:
    threads = "1 thread" if made.threads == 1 else f"{made.threads} threads"
    mode = "on" if made.deterministic else "off"
    return f"{hardware(made)}; {threads}; {made.platform}; torch's deterministic mode {mode}"


def _commit(made: Provenance) -> str:
    if made.git_commit is None:
        return "unknown: it was trained outside a git repository"
    return made.git_commit + (" and uncommitted changes" if made.git_dirty else "")


def _end_of_log(path: Path) -> str:
    try:
        with path.open("rb") as file:
            size = file.seek(0, os.SEEK_END)
            file.seek(max(size - LOG_BYTES, 0))
            text = file.read().decode("utf-8", errors="replace")
    except OSError:
        return f"There is no {path}; Snakemake's jobs write one, `wganbench run` does not."
    lines = text.splitlines()[-LOG_LINES:]
    return "\n".join(lines) or "The log is empty."
