"""[DCGAN] sections 5 and 6 on our runs: what saved nets know, as a table and as walks."""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd

from wganbench.fidelity.asking import LABELLED, LATENTS, SHOWN, STEPS, WALKS
from wganbench.gather.load import Results
from wganbench.plan.measurements.nets import ROW
from wganbench.records.nets import read_nets
from wganbench.report.figures.sheets import Slot, encoded, laid_out, slots_of
from wganbench.report.style.blocks import (
    Finding,
    Sheet,
    Sheets,
    Table,
    TableRow,
    measured,
    rows_of,
    tabulated,
)
from wganbench.report.style.wording import mean_range, number

COLUMNS = {
    "walk_step": "largest step over mean step",
    "moved": "moved to a class",
    "moved_floor": "the same by chance",
    "probe": "probe of the critic",
    "probe_untrained": "of the untrained critic",
    "probe_pixels": "of pixels",
}
_TABLE = (
    "From networks as they were saved at the end, without any training of them; mean ± standard "
    f"deviation over seeds. Walk: {WALKS} walks along the sphere between two latents in {STEPS} "
    "steps; the largest step over the mean one, in the classifier's features: 1 if all are "
    f"alike, {STEPS} if one goes all the way. Moved: latents that lose the mean of their image's "
    f"class and get another's (means of {LATENTS} latents) and then give it; by chance: with the "
    "means of shuffled classes. Probe: accuracy on held-out images of a ridge classifier that has "
    f"{LABELLED} images of each class, of the critic's last features, the same before training, "
    "and pixels. Networks are saved at the end alone, so that no half of a budget could settle a "
    "verdict: there is none."
)
_SHEETS = (
    f"The first {SHOWN} walks of the first seed that did not diverge, one below the other, "
    "unselected: from one latent, left, to another, right, along the sphere in equal steps."
)


def saved_net_blocks(results: Results, name: str) -> Iterator[Table | Sheets]:
    """Yield the table and the walks, of runs whose nets are asked; nothing without any."""
    part = results.select(run for run, planned in results.runs.items() if ROW.applies(planned))
    if not part.runs:
        return
    found = part.final()
    rows = list(_rows(part, found))
    yield tabulated(f"{name}-saved", "What saved networks know", _TABLE, rows, part.runs)
    slots = slots_of(part)
    sheets = {run: _sheet(part, run) for run in slots}
    findings = [
        Finding(f"{COLUMNS['walk_step'].capitalize()}, mean over seeds", _walks(slots, found))
    ]
    title = "Walks between latents"
    yield Sheets(f"{name}-walks", title, findings, _SHEETS, *laid_out(slots, sheets))


def _rows(part: Results, found: pd.DataFrame) -> Iterator[TableRow]:
    for run in part.runs:
        facts = part.facts.loc[part.facts["run"] == run].iloc[0]
        seeds = found[found["run"] == run]
        values = {words: measured(seeds[column]) for column, words in COLUMNS.items()}
        yield {"architecture": str(facts["architecture"]), "method": str(facts["label"]), **values}


def _walks(slots: Mapping[str, Slot], found: pd.DataFrame) -> dict[str, dict[str, str]]:
    known = found.dropna(subset="walk_step").groupby("run")["walk_step"]
    steps = {str(run): mean_range(list(values), 2) for run, values in known}
    return rows_of((slots[run].row, slots[run].column, steps[run]) for run in slots if run in steps)


def _sheet(part: Results, run: str) -> Sheet:
    """Return the walks of the first seed that did not diverge."""
    planned = part.runs[run]
    rows: list[dict[str, Any]] = read_nets(part.folder / run / ROW.file, planned.digest).to_pylist()
    if not rows:
        return Sheet("", 0, 0, "", "every seed diverged", run=run)
    first = rows[0]
    walks = np.array(first["walks"], dtype=np.uint8)
    images = walks.reshape(-1, *planned.configuration.data.shape)
    image, width, height = encoded([images], STEPS + 1, SHOWN)
    step = "none" if first["walk_step"] is None else f"{number(first['walk_step'])} mean ones"
    note = f"seed {first['seed']}; largest step {step}"
    return Sheet(image, width, height, f"{run}: {SHOWN} walks, {note}.", note, run=run)
