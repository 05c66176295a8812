"""Whether what lies in the results is what the plan asks for: results describe themselves."""

from collections.abc import Mapping
from pathlib import Path

from wganbench.data import DataSet
from wganbench.errors import UserError
from wganbench.plan.digest import (
    data_code,
    extractor_code,
    fidelity_code,
    training_code,
    transport_code,
)
from wganbench.plan.runs import Run
from wganbench.records.data import check_file
from wganbench.records.extractor import check_made
from wganbench.records.fidelity import read_fidelity
from wganbench.records.layout import (
    FIDELITY,
    RECORD,
    TRAINED,
    TRANSPORT,
    Extractor,
    extractor_files,
    measured,
)
from wganbench.records.run import read_record
from wganbench.records.tables import code_of
from wganbench.records.transport import read_transport

_READERS = {TRANSPORT: read_transport, FIDELITY: read_fidelity}


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
    if record.provenance.code_digest != training_code(run.configuration):
        return "the code that trained it has changed"
    return ""


def stale_measurements(run: Run, folder: Path) -> Mapping[str, str]:
    """Return the measurements that are there but not what today's code makes, and why."""
    reasons = {}
    digests = {
        TRANSPORT: transport_code(run.configuration),
        FIDELITY: fidelity_code(run.configuration, run.extractor),
    }
    for file in measured(run.configuration, run.extractor):
        if not (folder / file).exists():
            continue
        try:
            fresh = code_of(_READERS[file](folder / file, run.digest)) == digests[file]
        except UserError as error:
            reasons[file] = str(error)
        else:
            if not fresh:
                reasons[file] = "the code that measured it has changed"
    return reasons


def missing_files(run: Run, folder: Path) -> list[str]:
    """Return the files that a finished run has and this one lacks."""
    files = (*TRAINED, *measured(run.configuration, run.extractor))
    return [file for file in files if not (folder / file).is_file()]


def why_stale_data(data: DataSet, path: Path) -> str:
    """Return why a data file is not what the plan asks for; nothing if it is. Reads all of it."""
    try:
        manifest = check_file(path)
    except UserError as error:
        return str(error).removeprefix(f"{path}: ")
    if manifest.settings != data.identity():
        return "describes another data set"
    if manifest.code_digest != data_code(data):
        return "the code that wrote it has changed"
    return ""


def why_stale_extractor(data: DataSet, extractor: Extractor, path: Path) -> str:
    """Return why a file of a data set's feature space is not the plan's; nothing if it is."""
    if path.name not in extractor_files(data, extractor):
        return "is off the grid"
    try:
        made = check_made(path.with_name(f"{data.id}.json"))
    except UserError as error:
        return str(error).removeprefix(f"{path}: ")
    if made.code_digest != extractor_code(data, extractor):
        return "the code that made it has changed"
    return ""
