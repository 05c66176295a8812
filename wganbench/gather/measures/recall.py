"""Recall of generated images along training, of which `fidelity.parquet` has best and last."""

from collections.abc import Iterator
from functools import partial

from wganbench.gather.load import Results
from wganbench.gather.measures import Evaluated, Measure
from wganbench.gather.selection import VAE
from wganbench.records.layout import EXTRACTORS, extractor_files
from wganbench.records.samples import Samples

Point = tuple[tuple[int, int], tuple[int, int]]
QUARTERS = (
    0.25,
    0.5,
    0.75,
    1.0,
)  # of a run's iterations: each evaluation takes a fifth of a second


def by_evaluation(results: Results, run: str) -> Evaluated:
    """Return it at the end of each quarter; none in a space that is no longer the set's."""
    from wganbench.fidelity.extractors import features_of, load, space_of
    from wganbench.fidelity.metrics import precision_recall
    from wganbench.fidelity.store import read_real
    from wganbench.training.process import prepare_torch

    planned, samples = results.runs[run], results.samples(run)
    data, extractor = planned.configuration.data, planned.extractor
    if not extractor_files(data, extractor):
        return {}
    folder = results.folder.with_name(EXTRACTORS.name)
    path = folder / f"{data.id}.npz"
    real = results.once(("real features", data.id), partial(read_real, path))
    known = results.evaluations.loc[results.evaluations["run"] == run, "extractor"].dropna()
    if set(known) != {real.made.extractor}:
        return {}
    prepare_torch("cpu")
    heldout, net = real.heldout[: len(samples.real)], load(space_of(data, extractor, folder))
    return {
        point: precision_recall(features_of(net, samples.generated[place]), heldout)[1]
        for point, place in _at_quarters(results, run, samples)
    }


def _at_quarters(results: Results, run: str, samples: Samples) -> Iterator[Point]:
    """Yield the last evaluation of each seed in each quarter of the budget."""
    budget = results.runs[run].configuration.iterations
    points = list(results.evaluated(run, samples))
    for seed in results.replicas(run):
        own = [point for point in points if point[0][0] == seed]
        for share in QUARTERS:
            until = [point for point in own if point[0][1] <= int(share * budget)]
            if until:
                yield until[-1]


MEASURE = Measure(
    about="share of held-out real images that lie among the neighbours of generated ones, in the "
    "space of the images' classifier (Kynkaanniemi et al. 2019), at each quarter of the training",
    where={"data.kind": "images"},
    by_evaluation=by_evaluation,
    beside=VAE,
)
