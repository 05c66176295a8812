"""What the FIDs of runs mean: the references of their image sets' feature spaces, by run."""

from functools import partial

import pandas as pd

from wganbench.gather.load import Results
from wganbench.plan.runs import Run
from wganbench.records.extractor import Made, References, read_made
from wganbench.records.layout import EXTRACTORS, extractor_files

REFERENCES = tuple(References.model_fields)


def fid_references(results: Results) -> pd.DataFrame:
    """Return `run` and the reference FIDs of each run whose images are measured.

    A reference is missing where the set has one class, and where a run was measured in another
    space than the set's today: numbers of two spaces do not compare. Files are read once for the
    same results, beside the runs' folder, as `wganbench extractor` writes them.

    Raises:
        UserError: the record of a feature space is missing, damaged or of another schema version.
    """
    rows = [
        {"run": run_id, "space": made.extractor, **made.references.model_dump()}
        for run_id, run in results.runs.items()
        if (made := _made(results, run)) is not None
    ]
    table = pd.DataFrame(rows, columns=["run", "space", *REFERENCES])
    table = table.astype(dict.fromkeys(REFERENCES, float))
    # Results without any image may lack the column.
    measured = results.evaluations.reindex(columns=["run", "extractor"]).dropna()
    measured = measured.drop_duplicates("run")
    spaces = table["run"].map(dict(zip(measured["run"], measured["extractor"], strict=True)))
    table.loc[spaces.notna() & (spaces != table["space"]), list(REFERENCES)] = float("nan")
    return table.drop(columns="space")


def _made(results: Results, run: Run) -> Made | None:
    """Return how the feature space of a run's images was made, if they are measured in one."""
    data = run.configuration.data
    if not extractor_files(data, run.extractor):
        return None
    path = results.folder.with_name(EXTRACTORS.name) / f"{data.id}.json"
    return results.once(("feature space", data.id), partial(read_made, path))
