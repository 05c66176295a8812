"""Find what is wrong among data and results: every byte that DVC tracks, every file's schema."""

import json
import os
import subprocess
import sys
import tempfile
from collections import ChainMap
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from wganbench.errors import UserError
from wganbench.files import sha256_of
from wganbench.operations.freshness import folders
from wganbench.plan.runs import EXPERIMENTS
from wganbench.plan.steps import MEASUREMENTS
from wganbench.records.choices import read_choices
from wganbench.records.claims import read_claims
from wganbench.records.curves import read_curves
from wganbench.records.data import check_file
from wganbench.records.extractor import check_made
from wganbench.records.layout import CLAIMS, EXTRACTORS, RECORD, SCALES, TRAINED
from wganbench.records.networks import read_networks
from wganbench.records.run import RunRecord, read_record
from wganbench.records.samples import read_samples
from wganbench.records.summary import FILE, read_summary


@dataclass(frozen=True)
class Fault:
    """A file that is not what it should be, and how."""

    path: str
    reason: str


def schema_faults(results: Path, data: Path) -> Iterator[Fault]:
    """Yield every data set and result that its reader refuses."""
    for manifest in sorted(data.glob("*.json")):
        yield from _refused(manifest.with_suffix(".npz"), check_file)
    for made in sorted((results / EXTRACTORS.name).glob("*.json")):
        yield from _refused(made, check_made)
    for choices in sorted((results / "runs").glob("*/choices-*.json")):
        yield from _refused(choices, read_choices)
    for folder in folders(results / "runs"):
        yield from _faults_of_run(folder, folder.relative_to(results / "runs").as_posix())
    for of_scale in sorted((results / SCALES.name).glob("*")):
        if (of_scale / FILE).exists():
            yield from _refused(of_scale / FILE, lambda path: read_summary(path.parent))
        if (of_scale / CLAIMS).exists():
            yield from _refused(of_scale / CLAIMS, read_claims)


def _faults_of_run(folder: Path, run_id: str) -> Iterator[Fault]:
    if not (folder / RECORD).exists():
        return  # being trained, or its training failed: a matter of `wganbench status`
    run = None
    with suppress(UserError):  # which its reader reports below
        record = read_record(folder / RECORD)
        run = record.digest
        yield from _other_than_recorded(folder, run_id, record)
    # A reader's finding is worth more than another digest, and comes last.
    for file, read in _TRAINED.items():
        yield from _refused(folder / file, read)
    for step in MEASUREMENTS:
        if (folder / step.file).exists():
            yield from _refused(folder / step.file, partial(step.read, run=run))


def _other_than_recorded(folder: Path, run_id: str, record: RunRecord) -> Iterator[Fault]:
    if record.id != run_id:
        yield Fault(str(folder / RECORD), f"is the record of another run, {record.id}")
    for file, digest in record.files.items():
        if (folder / file).is_file() and sha256_of(folder / file) != digest:
            yield Fault(str(folder / file), f"has other bytes than {RECORD} says; train again")


def _refused(path: Path, read: Callable[[Path], Any]) -> Iterator[Fault]:
    try:
        read(path)
    except UserError as error:
        yield Fault(str(path), str(error).removeprefix(f"{path}: "))


_TRAINED: dict[str, Callable[[Path], Any]] = dict(
    zip(TRAINED, (read_record, read_curves, read_samples, read_networks), strict=True)
)


def dvc_faults(project: Path) -> Iterator[Fault]:
    """Yield every file whose bytes are not those that DVC recorded; hashes all of them again.

    DVC itself believes a file whose size and date are as they were. What keeps DVC from answering
    is a fault too.
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
            # A folder is listed because of a file in it, which is listed too.
            if not (path.endswith("/") and any(p.startswith(path) and p != path for p in paths)):
                yield Fault(path, reason)
    changed = [c for changes in stages.values() for c in changes if isinstance(c, dict)]
    if any(str(EXPERIMENTS) in change.get("changed deps", {}) for change in changed):
        yield Fault(f"{EXPERIMENTS}/", _OTHERS)
    for path, how in ChainMap(*(change.get("changed outs", {}) for change in changed)).items():
        if not any(p == path or p.startswith(f"{path}/") for p in paths):
            yield Fault(path, f"{how} since DVC recorded it")  # git holds it, not DVC's cache


_OTHERS = (
    "are not the files that DVC recorded these results of: `git diff` tells what changed, and `dvc "
    "repro` makes the results anew"
)
_CHANGES = {
    "modified": "has other bytes than recorded",
    "deleted": "is recorded but not there",
    "added": "is there but not recorded",
    "not_in_cache": "is not in DVC's cache; `dvc pull` brings it if it was pushed",
}


def _reason(output: str) -> str:
    """Return DVC's line on what is wrong; advice and progress stand around it."""
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    errors = [line.removeprefix("ERROR: ") for line in lines if line.startswith("ERROR: ")]
    return (errors or lines or ["no reason given"])[0]


def _dvc(project: Path, environment: dict[str, str], *command: str) -> dict[str, Any]:
    program = [sys.executable, "-m", "dvc", *command, "--json"]
    done = subprocess.run(program, cwd=project, env=environment, capture_output=True, text=True)
    if done.returncode:
        raise UserError(f"dvc {' '.join(command)}: {_reason(done.stderr)}")
    content: dict[str, Any] = json.loads(done.stdout or "{}")
    return content
