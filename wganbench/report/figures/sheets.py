"""Sheets of generated images side by side and along training, as in [WGAN] figures 3 to 7."""

from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO

import numpy as np
from jaxtyping import UInt8
from PIL import Image

from wganbench.gather.load import Results
from wganbench.gather.statistics import mean_distance
from wganbench.grey_levels import floats_of
from wganbench.report.figures.cells import nets_of
from wganbench.report.style.blocks import Finding, Sheet, Sheets, rows_of
from wganbench.report.style.drawable import drawable
from wganbench.report.style.looks import in_order
from wganbench.report.style.wording import mean_range

SIDE, SMALLEST_SIDE = 6, 3  # tiles along each side of a sheet
GAP = 1  # pixels between tiles
GREY = 128
SHOWN_WIDTH = 200  # about; sheets are enlarged by whole factors
COMPARED = 512  # images whose distances are averaged: n (n - 1) / 2 pairs
MOST_STEPS, FEWEST_STEPS = 12, 4  # points of training that are shown
BUDGET = 400_000  # values of all sheets of a run: they are in the page, which is to stay small


@dataclass(frozen=True)
class Slot:
    """Where a run's sheet stands: a row's heading and a column."""

    row: str
    column: str


_CAPTION = (
    "Each run's fixed latents at some points of its training, the last where nothing is moved: "
    "the first images, of the first seed that did not diverge, unselected, pixel for pixel; "
    "always the same latents at the same place. Diversity: the mean "
    "Euclidean distance between two generated images of the last iteration, divided by that "
    "between two real "
    "held-out ones; mean over seeds (smallest to largest). Near 0 all images are one "
    "(collapse); near 1 they differ as much as real ones. Noise differs too, so a large value "
    "is no mark of quality, and a method may also collapse in a way it does not see."
)


def image_sheets(results: Results, name: str, slots: Mapping[str, Slot] | None = None) -> Sheets:
    """Return the sheets of all image runs, in their slots.

    Without any given, architectures stand below one another, methods beside.
    """
    slots = slots or slots_of(results)
    made = {run: _sheet(results, run) for run in slots}
    columns, rows = laid_out(slots, {run: sheet for run, (sheet, _) in made.items()})
    real: list[Sheet | None] = [_real_sheet(results), *[None] * (len(columns) - 1)]
    rows.append(("held-out real images", real))
    findings = _findings(slots, {run: spread for run, (_, spread) in made.items()})
    return Sheets(name, "Generated images", findings, _CAPTION, columns, rows)


def sheets_of_nets(
    generator: str, norm: str, critic: str
) -> Callable[[Results, str], Iterator[Sheets]]:
    """Return what draws the runs of these nets, sheets for each architecture."""

    def draw(part: Results, name: str) -> Iterator[Sheets]:
        images = part.where(kind="images")
        wanted = [
            nets_of(run.configuration) == (generator, norm, critic)
            and not run.configuration.variant
            for run in images.runs.values()
        ]
        for architecture in dict.fromkeys(images.facts.loc[wanted, "architecture"]):
            yield image_sheets(drawable(images.where(architecture=architecture)), f"{name}-sheets")

    return draw


def laid_out(
    slots: Mapping[str, Slot], sheets: Mapping[str, Sheet]
) -> tuple[list[str], list[tuple[str, list[Sheet | None]]]]:
    """Return the columns' headings, and the rows: a heading and a sheet or none per column."""
    columns = in_order(slot.column for slot in slots.values())
    rows: dict[str, list[Sheet | None]] = {}
    for run, slot in slots.items():
        row = rows.setdefault(slot.row, [None] * len(columns))
        row[columns.index(slot.column)] = sheets[run]
    return columns, list(rows.items())


def slots_of(results: Results) -> dict[str, Slot]:
    """Return each run's slot; runs that would share one are distinguished by what differs."""
    slots = {}
    for (architecture, label), group in results.facts.groupby(
        ["architecture", "label"], sort=False
    ):
        points = {run: results.runs[run].compared_as for run in group["run"]}
        keys = dict.fromkeys(key for point in points.values() for key in point)
        differing = [k for k in keys if len({repr(p.get(k)) for p in points.values()}) > 1]
        for run, point in points.items():
            words = [f"{key} {point[key]}" for key in differing if key in point]
            if len(points) > 1 and not words:
                words = [run]
            slots[run] = Slot(", ".join([str(architecture), *words]), str(label))
    return {run: slots[run] for run in results.facts["run"]}


def _real_sheet(results: Results) -> Sheet:
    real = results.samples(results.facts["run"].iloc[0]).real
    side = _side(real.shape)
    image, width, height = encoded([real[: side**2]], side, side)
    return Sheet(image, width, height, "Real images.", "diversity 1, by definition")


def _sheet(results: Results, run: str) -> tuple[Sheet, list[float]]:
    samples, record = results.samples(run), results.records[run]
    ok = record.ok_seeds()
    if not ok:
        at = ", ".join(str(s.diverged_at) for s in record.seeds)
        return Sheet("", 0, 0, "", f"every seed diverged (iteration {at})", run=run), []
    rows = [list(samples.seeds).index(seed) for seed in ok]
    # Runs on one file are measured on its same held-out images.
    of_real = ("mean distance", record.provenance.data_sha256, len(samples.real))
    real = results.once(of_real, lambda: mean_distance(_compared(samples.real)))
    spread = [mean_distance(_compared(samples.generated[row, -1])) / real for row in rows]
    side = _side(samples.real.shape)
    steps = _steps(len(samples.iterations), side, samples.real.shape)
    image, width, height = encoded([samples.generated[rows[0], e] for e in steps], side, side)
    note = f"seed {ok[0]}; diversity {mean_range(spread, 2)}"
    if len(ok) < len(record.seeds):
        note += f"; {len(record.seeds) - len(ok)} of {len(record.seeds)} seeds diverged"
    iterations = [int(samples.iterations[e]) for e in steps]
    alt = f"{run}: {side**2} generated images from iteration {iterations[0]} to {iterations[-1]}"
    return Sheet(image, width, height, f"{alt}, {note}", note, iterations, run), spread


def _values_of_sheet(shape: tuple[int, ...], side: int) -> int:
    _, channels, height, width = shape
    return channels * (side * (height + GAP) + GAP) * (side * (width + GAP) + GAP)


def _side(shape: tuple[int, ...]) -> int:
    """Return how many tiles are along a sheet's side: fewer where images are large."""
    sides = range(SIDE, SMALLEST_SIDE, -1)
    fitting = [s for s in sides if FEWEST_STEPS * _values_of_sheet(shape, s) <= BUDGET]
    return fitting[0] if fitting else SMALLEST_SIDE


def _steps(evaluations: int, side: int, shape: tuple[int, ...]) -> list[int]:
    """Return evenly spaced evaluation points, the last among them, as many as the budget allows."""
    allowed = min(BUDGET // _values_of_sheet(shape, side), MOST_STEPS)
    count = min(max(allowed, FEWEST_STEPS), evaluations)
    return [round((k + 1) * evaluations / count) - 1 for k in range(count)]


def _compared(images: np.ndarray) -> np.ndarray:
    """Return evenly spaced images as rows of pixels (real ones may be sorted by class)."""
    chosen = np.linspace(0, len(images) - 1, min(len(images), COMPARED)).round().astype(int)
    return floats_of(images[chosen]).reshape(len(chosen), -1)


def _findings(slots: Mapping[str, Slot], spread: Mapping[str, list[float]]) -> list[Finding]:
    values = rows_of((s.row, s.column, mean_range(spread[run], 2)) for run, s in slots.items())
    statement = "Diversity relative to real images, mean over seeds (smallest to largest)"
    return [Finding(statement, values)]


def encoded(sheets: list[np.ndarray], across: int, down: int) -> tuple[str, int, int]:
    """Return sheets below one another as a data URI, and one's width and height as shown."""
    tiled = [_tiled(images, across, down) for images in sheets]
    sprite = np.concatenate(tiled)
    buffer = BytesIO()
    # Optimised, it is a hundredth smaller and takes twice as long.
    Image.fromarray(sprite.squeeze(-1) if sprite.shape[-1] == 1 else sprite).save(buffer, "png")
    height, width, _ = tiled[0].shape
    factor = max(round(SHOWN_WIDTH / width), 1)
    uri = "data:image/png;base64," + b64encode(buffer.getvalue()).decode()
    return uri, width * factor, height * factor


def _tiled(
    images: UInt8[np.ndarray, "n channel height width"], across: int, down: int
) -> UInt8[np.ndarray, "h w channel"]:
    n, channels, height, width = images.shape
    shape = (down * (height + GAP) + GAP, across * (width + GAP) + GAP, channels)
    sheet = np.full(shape, GREY, dtype=np.uint8)
    for k in range(min(n, across * down)):
        y, x = (GAP + k // across * (height + GAP), GAP + k % across * (width + GAP))
        sheet[y : y + height, x : x + width] = images[k].transpose(1, 2, 0)
    return sheet
