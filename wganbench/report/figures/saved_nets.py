"""[DCGAN] sections 5 and 6 on our runs: what saved nets know, as a table and as walks."""

from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd

from wganbench.fidelity.asking import LABELLED, LATENTS, STEPS, WALKS
from wganbench.gather.load import Results
from wganbench.gather.saved_nets import Known, applies, known
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

SHOWN = 5  # walks of a run
COLUMNS = {
    "walk": "largest step over mean step",
    "moved": "moved to a class",
    "moved_by_chance": "the same by chance",
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
    """Yield the table and the walks, of runs whose nets can be asked; nothing without any."""
    part = results.select(run for run in results.runs if applies(results, run))
    found = {run: known(part, run) for run in part.runs}
    if not found:
        return
    rows = list(_rows(part, found))
    yield tabulated(f"{name}-saved", "What saved networks know", _TABLE, rows, part.runs)
    slots = slots_of(part)
    sheets = {run: _sheet(run, found[run]) for run in slots}
    findings = [Finding(f"{COLUMNS['walk'].capitalize()}, mean over seeds", _walks(slots, found))]
    title = "Walks between latents"
    yield Sheets(f"{name}-walks", title, findings, _SHEETS, *laid_out(slots, sheets))


def _rows(part: Results, found: Mapping[str, Mapping[int, Known]]) -> Iterator[TableRow]:
    for run, seeds in found.items():
        facts = part.facts.loc[part.facts["run"] == run].iloc[0]
        values = {
            words: measured(pd.Series([getattr(one, column) for one in seeds.values()]))
            for column, words in COLUMNS.items()
        }
        yield {"architecture": str(facts["architecture"]), "method": str(facts["label"]), **values}


def _walks(
    slots: Mapping[str, Slot], found: Mapping[str, Mapping[int, Known]]
) -> dict[str, dict[str, str]]:
    return rows_of(
        (slot.row, slot.column, mean_range([one.walk for one in found[run].values()], 2))
        for run, slot in slots.items()
        if any(np.isfinite(one.walk) for one in found[run].values())
    )


def _sheet(run: str, seeds: Mapping[int, Known]) -> Sheet:
    if not seeds:
        return Sheet("", 0, 0, "", "every seed diverged", run=run)
    seed, first = next(iter(seeds.items()))
    images = first.walks[:SHOWN].reshape(-1, *first.walks.shape[2:])
    image, width, height = encoded([images], STEPS + 1, SHOWN)
    note = f"seed {seed}; largest step {number(first.walk)} mean ones"
    return Sheet(image, width, height, f"{run}: {SHOWN} walks, {note}.", note, run=run)
