"""Sheets of generated images side by side, as in [WGAN] figures 5 to 7."""

from base64 import b64encode
from io import BytesIO

import numpy as np
import pandas as pd
from jaxtyping import UInt8
from PIL import Image

from wganbench.report.blocks import Finding, Sheet, Sheets
from wganbench.report.load import Results
from wganbench.report.statistics import diversity
from wganbench.report.style import in_order
from wganbench.report.wording import mean_range
from wganbench.training.samples import as_floats

SIDE = 6  # tiles along each side of a sheet
GAP = 1  # pixels between tiles
GREY = 128
SHOWN_WIDTH = 200  # about; sheets are enlarged by whole factors
COMPARED = 512  # images whose distances are averaged: n (n - 1) / 2 pairs


def image_sheets(results: Results, name: str) -> Sheets:
    """Return the sheets of all image runs: architectures below one another, methods beside."""
    facts = results.facts
    labels = in_order(facts["label"])
    spread: dict[str, list[float]] = {}
    rows = []
    for architecture, of_row in facts.groupby("architecture", sort=False):
        sheets: list[Sheet | None] = [None] * len(labels)
        for run, label in zip(of_row["run"], of_row["label"], strict=True):
            sheets[labels.index(label)], spread[run] = _sheet(results, run)
        rows.append((str(architecture), sheets))
    real = results.samples(facts["run"].iloc[0]).real
    image, width, height = _encoded(real)
    rows.append(
        (
            "held-out real images",
            [Sheet(image, width, height, "Real images.", "diversity 1, by definition")]
            + [None] * (len(labels) - 1),
        )
    )
    return Sheets(
        name,
        "Generated images",
        _findings(facts, spread),
        f"The first {SIDE * SIDE} images from each run's fixed latents at its last iteration, of "
        "the first seed that did not diverge, unselected, pixel for pixel. Diversity: the mean "
        "Euclidean distance between two generated images, divided by that between two real "
        "held-out ones; mean over seeds (smallest to largest). Near 0 all images are one "
        "(collapse); near 1 they differ as much as real ones. Noise differs too, so a large value "
        "is no mark of quality, and a method may also collapse in a way it does not see.",
        labels,
        rows,
    )


def _sheet(results: Results, run: str) -> tuple[Sheet, list[float]]:
    samples, record = results.samples(run), results.records[run]
    ok = record.ok_seeds()
    if not ok:
        at = ", ".join(str(s.diverged_at) for s in record.seeds)
        return Sheet("", 0, 0, "", f"every seed diverged (iteration {at})"), []
    rows = [list(samples.seeds).index(seed) for seed in ok]
    real = _flat(samples.real)
    spread = [diversity(_flat(samples.generated[row, -1]), real) for row in rows]
    image, width, height = _encoded(samples.generated[rows[0], -1])
    note = f"seed {ok[0]}, iteration {samples.iterations[-1]:,}; diversity {mean_range(spread, 2)}"
    if len(ok) < len(record.seeds):
        note += f"; {len(record.seeds) - len(ok)} of {len(record.seeds)} seeds diverged"
    alt = f"{run}: {SIDE * SIDE} generated images, {note}"
    return Sheet(image, width, height, alt, note), spread


def _flat(images: np.ndarray) -> np.ndarray:
    """Return evenly spaced images as rows of pixels (real ones may be sorted by class)."""
    chosen = np.linspace(0, len(images) - 1, min(len(images), COMPARED)).round().astype(int)
    return as_floats(images[chosen]).reshape(len(chosen), -1)


def _findings(facts: pd.DataFrame, spread: dict[str, list[float]]) -> list[Finding]:
    values = {
        str(architecture): {
            str(label): mean_range(spread[run], 2)
            for run, label in zip(of_row["run"], of_row["label"], strict=True)
        }
        for architecture, of_row in facts.groupby("architecture", sort=False)
    }
    statement = "Diversity relative to real images, mean over seeds (smallest to largest)"
    return [Finding(statement, values)]


def _encoded(images: np.ndarray) -> tuple[str, int, int]:
    """Return a sheet as a data URI, and the width and height at which it is shown."""
    sheet = _tiled(images[: SIDE * SIDE])
    buffer = BytesIO()
    Image.fromarray(sheet.squeeze(-1) if sheet.shape[-1] == 1 else sheet).save(
        buffer, format="png", optimize=True
    )
    factor = max(round(SHOWN_WIDTH / sheet.shape[1]), 1)
    uri = "data:image/png;base64," + b64encode(buffer.getvalue()).decode()
    return uri, sheet.shape[1] * factor, sheet.shape[0] * factor


def _tiled(images: UInt8[np.ndarray, "n channel height width"]) -> UInt8[np.ndarray, "h w channel"]:
    n, channels, height, width = images.shape
    down, right = (SIDE * (height + GAP) + GAP, SIDE * (width + GAP) + GAP)
    sheet = np.full((down, right, channels), GREY, dtype=np.uint8)
    for k in range(min(n, SIDE * SIDE)):
        y, x = (GAP + k // SIDE * (height + GAP), GAP + k % SIDE * (width + GAP))
        sheet[y : y + height, x : x + width] = images[k].transpose(1, 2, 0)
    return sheet
