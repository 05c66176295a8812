"""How each method was tuned: the quality at every setting that was tried, and the chosen one."""

from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd

from wganbench.gather.load import Results
from wganbench.gather.tuning import QUALITY, tried_for
from wganbench.report.style.blocks import Cell, Table, tabulated
from wganbench.report.style.wording import NOTHING, listed, number, setting_words

_CAPTION = (
    "The {quality} at the end, mean over the tuning seeds ({seeds}), at each setting tried; "
    "smaller is better, and a replica that diverged is infinitely bad. Figures and verdicts have "
    "the chosen settings alone, trained with the scale's other seeds. Where the best value is the "
    "smallest or largest that was tried, a better one may lie beyond."
)
_LAST = "at the end of its range: the best may lie beyond"


def tuning_tables(part: Results, name: str) -> Iterator[Table]:
    """Yield a table for each kind of data on which some of these runs are at a chosen setting."""
    found = part.candidates
    for n, (kind, tried) in enumerate(found.groupby("kind", sort=False)):
        groups = tried_for(tried, part.runs)
        if not groups:
            continue
        facts = part.facts.set_index("run")
        shown = pd.concat(groups)
        seeds = sorted({str(seed) for seeds in shown["seeds"] for seed in seeds}, key=int)
        yield tabulated(
            f"{name}-{n}" if n else name,
            "How each method was tuned",
            _CAPTION.format(quality=QUALITY[str(kind)][0], seeds=listed(seeds)),
            [_row(group, facts) for group in groups],
            shown["run"],
        )


def _row(group: pd.DataFrame, facts: pd.DataFrame) -> Mapping[str, Cell | str]:
    chosen = group[group["chosen"].astype(bool)].iloc[0]
    fact = facts.loc[chosen["compared"]]
    is_known = bool(np.isfinite(chosen["quality"]))
    return {
        "data": str(fact["data"]),
        "architecture": str(fact["architecture"]),
        "method": str(fact["label"]),
        **{
            f"setting {n}": _cell(setting_words(setting), float(quality))
            for n, (setting, quality) in enumerate(
                zip(group["setting"], group["quality"], strict=True), start=1
            )
        },
        "chosen": setting_words(chosen["setting"]) if is_known else "the first: none has a quality",
        "warning": _LAST if is_known and chosen["at_end"] else NOTHING,
    }


def _cell(setting: str, quality: float) -> Cell:
    if np.isfinite(quality):
        return Cell(f"{setting}: {number(quality)}", quality)
    return Cell(f"{setting}: ∞")
