"""Find what is wrong among data and results: every byte that DVC tracks, every file's schema."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from wganbench.errors import UserError
from wganbench.files import sha256_of
from wganbench.operations.freshness import folders
from wganbench.records.claims import read_claims
from wganbench.records.curves import read_curves
from wganbench.records.data import check_file
from wganbench.records.extractor import check_made
from wganbench.records.fidelity import read_fidelity
from wganbench.records.layout import (
    CLAIMS,
    EXTRACTORS,
    FIDELITY,
    RECORD,
    REPORTS,
    TRAINED,
    TRANSPORT,
)
from wganbench.records.networks import NETWORKS, read_networks
from wganbench.records.run import RunRecord, read_record
from wganbench.records.samples import read_samples
from wganbench.records.summary import FILE, read_summary
from wganbench.records.transport import read_transport


@dataclass(frozen=True)
class Fault:
    """A file that is not what it should be, and how."""

    path: str
    reason: str


def schema_faults(results: Path, data: Path) -> Iterator[Fault]:
    """Yield every data set and result that its reader refuses."""
    for manifest in sorted(data.glob("*.json")):
        yield from _refused(manifest.with_suffix(".npz"), lambda path: check_file(path))
    for made in sorted((results / EXTRACTORS.name).glob("*.json")):
        yield from _refused(made, check_made)
    for folder in folders(results / "runs"):
        yield from _faults_of_run(folder, folder.relative_to(results / "runs").as_posix())
    if (results / FILE).exists():
        yield from _refused(results / FILE, lambda path: read_summary(path.parent))
    if (results / CLAIMS).exists():
        yield from _refused(results / CLAIMS, read_claims)


def _faults_of_run(folder: Path, run_id: str) -> Iterator[Fault]:
    if not (folder / RECORD).exists():
        return  # being trained, or its training failed: `wganbench status` tells
    with suppress(UserError):  # which its reader tells
        yield from _other_than_recorded(folder, run_id, read_record(folder / RECORD))
    # What a reader says of a file tells more, and comes last.
    for file, read in _READERS.items():
        if file in TRAINED or (folder / file).exists():
            yield from _refused(folder / file, read)


def _other_than_recorded(folder: Path, run_id: str, record: RunRecord) -> Iterator[Fault]:
    if record.id != run_id:
        yield Fault(str(folder / RECORD), f"is the record of another run, {record.id}")
    for file, digest in record.files.items():
        if (folder / file).is_file() and sha256_of(folder / file) != digest:
            yield Fault(str(folder / file), f"has other bytes than {RECORD} says; train again")
    for file in (TRANSPORT, FIDELITY):
        if (folder / file).exists():
            yield from _refused(folder / file, partial(_READERS[file], run=record.digest))


def _refused(path: Path, read: Callable[[Path], Any]) -> Iterator[Fault]:
    try:
        read(path)
    except UserError as error:
        yield Fault(str(path), str(error).removeprefix(f"{path}: "))


_READERS: dict[str, Callable[..., Any]] = {
    RECORD: read_record,
    "curves.parquet": read_curves,
    "samples.npz": read_samples,
    NETWORKS: read_networks,
    TRANSPORT: read_transport,
    FIDELITY: read_fidelity,
}


def dvc_faults(project: Path) -> Iterator[Fault]:
    """Yield every file whose bytes are not those that DVC recorded; hashes all of them again.

    DVC itself believes a file whose size and date are as they were. What keeps DVC from telling is
    a fault too.
    """
    with tempfile.TemporaryDirectory() as fresh:
        environment = os.environ | {"DVC_SITE_CACHE_DIR": fresh}
        try:
            tracked = _dvc(project, environment, "data", "status", "--granular")
            stages = _dvc(project, environment, "status")
        except UserError as error:
            yield Fault("dvc.lock", str(error))
            return
    found = tracked.get("uncommitted", {}) | {"not_in_cache": tracked.get("not_in_cache", [])}
    paths = [path for change in found.values() for path in change]
    for change, reason in _CHANGES.items():
        for path in found.get(change, []):
            if not _is_told_by_a_file(path, paths):
                yield Fault(path, reason)
    yield from _faults_in_git(stages)


def _is_told_by_a_file(path: str, paths: list[str]) -> bool:
    """Tell a folder that is listed because of a file in it, which is listed too."""
    return path.endswith("/") and any(p.startswith(path) and p != path for p in paths)


_CHANGES = {
    "modified": "has other bytes than recorded",
    "deleted": "is recorded but not there",
    "added": "is there but not recorded",
    "not_in_cache": "is not in DVC's cache; `dvc pull` brings it if it was pushed",
}


def _faults_in_git(stages: dict[str, list[Any]]) -> Iterator[Fault]:
    """Yield outs that git holds and DVC only knows the digest of."""
    for changed in stages.values():
        for change in changed:
            if isinstance(change, dict):
                for path, how in change.get("changed outs", {}).items():
                    if path not in _IN_CACHE:
                        yield Fault(path, f"{how} since DVC recorded it")


# Told file by file already.
_IN_CACHE = (
    "data",
    "results/runs",
    "results/extractors",
    f"results/{FILE}",
    str(REPORTS),
    ".snakemake/metadata",
)


def _reason(said: str) -> str:
    """Return the line of DVC's that tells what is wrong; advice and progress stand around it."""
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    errors = [line.removeprefix("ERROR: ") for line in lines if line.startswith("ERROR: ")]
    return (errors or lines or ["no reason given"])[0]


def _dvc(project: Path, environment: dict[str, str], *command: str) -> dict[str, Any]:
    dvc = Path(sys.executable).with_name("dvc")
    program = str(dvc) if dvc.exists() else shutil.which("dvc")
    if program is None:
        raise UserError("dvc: is not installed beside this Python; run `make setup`")
    done = subprocess.run(
        [program, *command, "--json"],
        cwd=project,
        env=environment,
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise UserError(f"dvc {' '.join(command)}: {_reason(done.stderr)}")
    content: dict[str, Any] = json.loads(done.stdout or "{}")
    return content
