"""`run.json`: what was run, how it ended, on what, and how long it took."""

import json
from collections.abc import Iterable, Mapping
from hashlib import sha256
from math import nan
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field

from wganbench.errors import UserError
from wganbench.files import written_atomically
from wganbench.plugins import Strict, origins
from wganbench.records.json_files import read_json

SCHEMA_VERSION = 1
HOUR, KWH = 3600, 3.6e6  # seconds and joules of what is printed


def digest_of(configuration: Mapping[str, Any], seeds: Iterable[int]) -> str:
    """Return the digest of a resolved configuration and its seeds."""
    content = {"configuration": configuration, "seeds": list(seeds)}
    text = json.dumps(content, sort_keys=True, separators=(",", ":"))
    return sha256(text.encode()).hexdigest()


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
    plugins: Annotated[
        dict[str, str],
        Field(
            description="Modules from elsewhere that have plug-ins named in the configuration: "
            "distribution and version, or the file's SHA-256. Empty in older records."
        ),
    ] = {}
    platform: str
    device: Annotated[str, Field(description="cpu or cuda.")]
    device_name: Annotated[str, Field(description="The processor's or GPU's own name.")]
    threads: int
    flush_denormal: bool
    deterministic: Annotated[bool, Field(description="torch's deterministic algorithms were on.")]

    @property
    def hardware(self) -> str:
        """The device and its name."""
        return f"{self.device}: {self.device_name}"


class Timings(Strict):
    """Wall-clock seconds, memory, energy; evaluation is counted apart from training."""

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
    energy_joules: Annotated[
        float | None,
        Field(
            description="What the GPU drew from start to end, all that ran on it included; null "
            "where it does not tell, on a CPU, and for a run that went on from a checkpoint."
        ),
    ] = None

    @property
    def watts(self) -> float:
        """What the GPU drew on average, NaN where that is not known."""
        return nan if self.energy_joules is None else self.energy_joules / max(self.total, 1e-9)


class RunRecord(Strict):
    """The content of run.json."""

    schema_version: int = SCHEMA_VERSION
    id: str
    experiment: str
    scale: str
    point: Annotated[dict[str, Any], Field(description="The grid's point.")]
    seeds: Annotated[list[SeedStatus], Field(description="Each seed and how it ended.")]
    configuration: Annotated[
        dict[str, Any],
        Field(description="The settings, without younger ones at rest: see plugins.Since."),
    ]
    digest: Annotated[str, Field(description="Digest of configuration and seeds.")]
    files: Annotated[
        dict[str, str],
        Field(description="SHA-256 of each file that training left; empty in older records."),
    ] = {}
    timings: Timings
    provenance: Provenance

    def ok_seeds(self) -> list[int]:
        return list(self.replicas())

    def replicas(self) -> dict[int, int]:
        """Return the row that each seed that did not diverge has in stacked arrays."""
        return {seed.seed: row for row, seed in enumerate(self.seeds) if seed.status == "ok"}


def write_record(record: RunRecord, path: Path) -> None:
    """Write run.json, atomically, with where its plug-ins come from if that is elsewhere."""
    plugins = record.provenance.plugins or origins(record.configuration)
    made = record.provenance.model_copy(update={"plugins": plugins})
    record = record.model_copy(update={"provenance": made})
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
