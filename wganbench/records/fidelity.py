"""`fidelity.parquet`: how good a run's saved samples are."""

from pathlib import Path

import pyarrow as pa

from wganbench.records.tables import by_evaluation, column, columns, read_table

SCHEMA_VERSION = 2
# Columns of mixtures are null for images and the other way round.
COUNTS = {
    "n": "generated samples; as many held-out real ones",
    "modes": "modes of the mixture",
    "modes_loose": "modes covered, loosely",
    "modes_strict": "modes with a sample in 3 sigma",
    "classes": "classes of the images' labels",
    "classes_held": "classes with a fifth of their fair share of the generated images, by the "
    "classifier's labels",
}
AT_ENDS = "; null but at the last evaluation point and the best"
NUMBERS = {
    "share_strict": "samples within 3 sigma of a mode",
    "fid": "Frechet distance in the extractor's space, generated against held-out real",
    "kid": "unbiased squared MMD in the same space" + AT_ENDS,
    "isc": "Inception score of the extractor's labels",
    "precision": "share of generated images among real ones' neighbours" + AT_ENDS,
    "recall": "share of real images among generated ones' neighbours" + AT_ENDS,
    "label_entropy": "entropy of the generated images' labels (nats), by the classifier",
    "label_entropy_heldout": "the same of the held-out real images",
    "nearest_train": "mean distance to the nearest training image in the same space" + AT_ENDS,
    "nearest_train_heldout": "the same of the held-out real images",
}
FLOORED = ("fid", "kid", "isc", "precision", "recall")
NUMBERS |= {
    f"{name}_floor{sd}": f"{words} of {name} for training images in place of the generated ones"
    for name in FLOORED
    for sd, words in (("", "mean"), ("_sd", "standard deviation over draws"))
}
LISTS = {
    "nearest_places": (pa.int64(), "place of the training image nearest to each of the first 64"),
    "nearest_distances": (pa.float64(), "its distance"),
}


SCHEMA = by_evaluation(
    "fidelity",
    SCHEMA_VERSION,
    [
        *columns(pa.int64(), COUNTS),
        *columns(pa.float64(), NUMBERS),
        column("extractor", pa.string(), "space of all that is measured on images, and its digest"),
        column("is_best", pa.bool_(), "whether this is the seed's lowest fid"),
        *(column(name, pa.list_(kind), about + AT_ENDS) for name, (kind, about) in LISTS.items()),
    ],
)


def read_fidelity(path: Path, run: str | None = None) -> pa.Table:
    """Return a run's fidelity, checked to be its own where its digest is given.

    Raises:
        UserError: the file is missing, damaged, of another schema version or of another run.
    """
    return read_table(path, SCHEMA, "run `wganbench fidelity` for this run again", run)
