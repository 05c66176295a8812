"""Sheets of generated images beside the training images that are nearest to them."""

from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd
from jaxtyping import Shaped, UInt8

from wganbench.gather.load import Results
from wganbench.grey_levels import levels_of
from wganbench.plan.measurements.fidelity import ROW as FIDELITY
from wganbench.records.fidelity import read_fidelity
from wganbench.report.figures.sheets import BUDGET, GAP, GREY, Slot, encoded, laid_out, slots_of
from wganbench.report.style.blocks import Finding, Sheet, Sheets, rows_of
from wganbench.report.style.wording import NOTHING, mean_sd, number

PAIRS_ACROSS, MOST_DOWN = 3, 6
GUTTER = 4  # pixels right of a pair, so that it shows which two are one
_CAPTION = (
    "Pairs: left a generated image, right the training image nearest to it in the space of "
    "{extractor}; the first images of the last iteration, of the first seed that did not diverge, "
    "unselected. Below: the mean distance of all that seed's images to their nearest training "
    "image, and the same of held-out real images. Looked through is the data set's training part, "
    "of a large one its first images, also where a run trained on a few of it."
)

Images = UInt8[np.ndarray, "n channel height width"]
AnyImages = Shaped[np.ndarray, "n channel height width"]


def nearest_sheets(results: Results, name: str) -> Iterator[Sheets]:
    """Yield the sheets of all runs whose samples were compared with training images, if any.

    Raises:
        UserError: samples, fidelity or data of a run are missing or damaged.
    """
    slots = {
        run: slot for run, slot in slots_of(results).items() if FIDELITY.applies(results.runs[run])
    }
    if not slots:
        return
    final = results.final().dropna(subset=["nearest_train"])
    train: dict[str, AnyImages] = {}
    sheets: dict[str, Sheet] = {}
    for run in slots:
        data = results.runs[run].configuration.data.id
        if data not in train:  # reading checks the whole file
            train[data] = results.training_images(run)
        sheets[run] = _sheet(results, run, train[data])
    extractors = ", ".join(dict.fromkeys(final["extractor"])) or NOTHING
    title = "Generated images and their nearest training images"
    findings = memorisation(final, slots)
    caption = _CAPTION.format(extractor=extractors)
    yield Sheets(name, title, findings, caption, *laid_out(slots, sheets))


def _sheet(results: Results, run: str, train: AnyImages) -> Sheet:
    ok = results.records[run].ok_seeds()
    if not ok:
        return Sheet("", 0, 0, "", "every seed diverged", run=run)
    table = read_fidelity(results.folder / run / FIDELITY.file).to_pandas()
    last = table[table["seed"] == ok[0]].sort_values("iteration").iloc[-1]
    places = np.asarray(last["nearest_places"], dtype=int)
    samples = results.samples(run)
    generated = samples.generated[list(samples.seeds).index(ok[0]), -1][: len(places)]
    down = _down(generated.shape)
    shown = generated[: PAIRS_ACROSS * down]
    pairs = paired(shown, levels_of(train[places[: len(shown)]]))
    image, width, height = encoded([pairs], PAIRS_ACROSS, down)
    note = (
        f"seed {ok[0]}; distance {number(last['nearest_train'])}, held-out images "
        f"{number(last['nearest_train_heldout'])}{_seen(results, run, places, len(train))}"
    )
    return Sheet(
        image, width, height, f"{run}: {len(shown)} pairs of images, {note}", note, run=run
    )


def _seen(results: Results, run: str, places: np.ndarray, total: int) -> str:
    """Return how many of the nearest images a run saw that trained on the first few alone."""
    count = results.runs[run].configuration.train_samples or total
    if count >= total:
        return ""
    return (
        f"; {(places < count).sum()} of {len(places)} nearest ones are among the {count:,} of "
        f"{total:,} that it trained on"
    )


def paired(left: Images, right: Images) -> Images:
    """Return each image with its partner on its right, then a gutter."""
    assert left.shape == right.shape, (left.shape, right.shape)
    line, gutter = (np.full((*left.shape[:3], w), GREY, dtype=np.uint8) for w in (GAP, GUTTER))
    return np.concatenate([left, line, right, gutter], axis=3)


def _down(shape: tuple[int, ...]) -> int:
    """Return how many rows of pairs a sheet has: fewer where images are large."""
    _, channels, height, width = shape
    values = channels * (height + GAP) * PAIRS_ACROSS * (2 * (width + GAP) + GUTTER)
    return int(np.clip(BUDGET // 2 // values, 1, MOST_DOWN))


def memorisation(final: pd.DataFrame, slots: Mapping[str, Slot]) -> list[Finding]:
    """State whether generated images are nearer to training images than held-out ones are."""
    if final.empty:
        return []
    quotients = (final["nearest_train"] / final["nearest_train_heldout"]).groupby(final["run"])
    values = rows_of(
        (slots[run].row, slots[run].column, mean_sd(seeds, 2)) for run, seeds in quotients
    )
    means = quotients.mean()
    nearer, lowest = int((means < 1).sum()), slots[str(means.idxmin())]
    verdict = (
        f"In {nearer} of {len(means)} runs generated images are on average nearer to training "
        f"images than held-out ones are; the smallest quotient is {number(means.min(), 2)} "
        f"({lowest.column}, {lowest.row}), where copies would have 0 and unseen images have 1"
    )
    statement = (
        "Mean distance of generated images to the nearest training image over that of held-out "
        "images, mean ± standard deviation over seeds"
    )
    return [Finding(statement, values), Finding(verdict)]
