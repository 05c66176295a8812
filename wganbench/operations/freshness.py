"""Whether what lies in the results is what the plan asks for: results describe themselves."""

from pathlib import Path

from wganbench.data import DataSet
from wganbench.errors import UserError
from wganbench.plan.runs import Run
from wganbench.plan.step import Measurement
from wganbench.plan.steps import DATA_SET, EXTRACTOR, TRAIN, files_of, measurements
from wganbench.records.data import check_file, raw_state
from wganbench.records.extractor import check_made
from wganbench.records.layout import RECORD, extractor_files
from wganbench.records.run import read_record
from wganbench.records.tables import code_of, source_of


def folders(results: Path) -> list[Path]:
    """Return the folder of every run that is there, planned or not."""
    return sorted(path for path in results.glob("*/*") if path.is_dir())


def why_stale(run: Run, folder: Path) -> str:
    """Return why a trained run is not what the plan asks for; nothing if it is."""
    try:
        record = read_record(folder / RECORD)
    except UserError as error:
        return str(error).removeprefix(f"{folder}/")
    if record.digest != run.digest or record.id != run.id:
        return f"{folder / RECORD}: its configuration is not the plan's"
    if record.provenance.code_digest != TRAIN.code(run.configuration):
        return "the code that trained it has changed"
    return ""


def stale_measurements(run: Run, folder: Path) -> dict[str, str]:
    """Return the measurements that are there but not what today's code makes, and why."""
    there = [step for step in measurements(run) if (folder / step.file).exists()]
    return {s.file: reason for s in there if (reason := _why_stale(s, run, folder))}


def _why_stale(step: Measurement, run: Run, folder: Path) -> str:
    try:
        code = code_of(step.read(folder / step.file, run.digest))
    except UserError as error:
        return str(error)
    return "" if code == step.code_on(run) else "the code that measured it has changed"


def is_current(step: Measurement, run: Run, folder: Path) -> bool:
    """Return whether a measurement is there, by today's code, and of what lies beside it now.

    Digests decide, no dates: a clock may have been set back since.
    """
    path = folder / step.file
    if not path.is_file():
        return False
    try:
        table = step.read(path, run.digest)
    except UserError:
        return False
    return code_of(table) == step.code_on(run) and source_of(table) == step.source(run, folder)


def missing_files(run: Run, folder: Path) -> list[str]:
    """Return the files that a finished run has and this one lacks."""
    return [file for file in files_of(run) if not (folder / file).is_file()]


def why_stale_data(data: DataSet, path: Path) -> str:
    """Return why a data file is not what the plan asks for; nothing if it is. Reads all of it."""
    try:
        manifest = check_file(path)
    except UserError as error:
        return str(error).removeprefix(f"{path}: ")
    if manifest.settings != data.identity():
        return "describes another data set"
    if manifest.code_digest != DATA_SET.code(data):
        return "the code that wrote it has changed"
    if manifest.raw and raw_state(data, path) != manifest.raw:
        return "the raw files that it was made from have changed"
    return ""


def why_stale_extractor(run: Run, path: Path) -> str:
    """Return why a file of the feature space of a run is not the plan's; nothing if it is."""
    data, extractor = run.configuration.data, run.extractor
    if path.name not in extractor_files(data, extractor):
        return "is off the grid"
    try:
        made = check_made(path.with_name(f"{data.id}.json"))
    except UserError as error:
        return str(error).removeprefix(f"{path}: ")
    if made.code_digest != EXTRACTOR.code(data, variant=extractor):
        return "the code that made it has changed"
    return ""
