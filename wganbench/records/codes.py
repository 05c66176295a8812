"""`codes.parquet`: what the codes of an InfoGAN's samples are to a classifier."""

from pathlib import Path

import pyarrow as pa

from wganbench.records.tables import by_evaluation, column, columns, read_table

SCHEMA_VERSION = 1
FIRST_CODE = (-2.0, -1.5, -1.0, -0.5, 0.0, 0.5, 1.0, 1.5, 2.0)
"""Of a traversal, from left to right: [InfoGAN] figure 2 goes beyond the (-1, 1) of training."""
NUMBERS = {
    "matched_accuracy": "share of generated images whose label, by the classifier, is the one that "
    "is matched with their category, one to one, on the same images",
    "matched_accuracy_floor": "mean of the same where the categories are shuffled",
    "label_information": "mutual information of category and label, as counted (nats)",
    "label_information_floor": "mean of the same where the categories are shuffled",
}
AT_END = "; null but at the last evaluation point"
LISTS = {
    "classes": (pa.int64(), "class matched with each category, -1 for none" + AT_END),
    "traversal": (
        pa.uint8(),
        "grey levels of generated images, all with the same noise: a row for each category, in it "
        f"the first continuous code at {', '.join(f'{c:g}' for c in FIRST_CODE)}, or other noise "
        "where there is none" + AT_END,
    ),
}
SCHEMA = by_evaluation(
    "codes",
    SCHEMA_VERSION,
    [
        *columns(pa.float64(), NUMBERS),
        *(column(name, pa.list_(kind), about) for name, (kind, about) in LISTS.items()),
    ],
)


def read_codes(path: Path, run: str | None = None) -> pa.Table:
    """Return a run's codes, checked to be its own where its digest is given.

    Raises:
        UserError: the file is missing, damaged, of another schema version or of another run.
    """
    return read_table(path, SCHEMA, "run `wganbench codes` for this run again", run)
