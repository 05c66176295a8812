"""[MBD] section 3.2: how many classes are generated along training, with and without a layer."""

from collections.abc import Iterator
from math import log

import matplotlib.pyplot as plt
import pandas as pd

from wganbench.gather.load import Results
from wganbench.report.style.blocks import Drawing, Figure, Finding, drawn
from wganbench.report.style.drawable import drawable
from wganbench.report.style.looks import INK
from wganbench.report.style.marks import entry, few_ticks
from wganbench.report.style.wording import mean_range

TITLE = "Entropy of generated labels along training"
SIDES = {"minibatch-mlp": ("#0072B2", "with the layer"), "mlp": ("#D55E00", "without")}
CLASSES = 10
_CAPTION = (
    "Entropy in nats of the labels that a classifier gives to generated digits; a line for each "
    "seed. Dotted: log 10 = 2.30, all ten classes alike. At 0 all samples have one label."
)
_STATEMENT = "Entropy of labels at the end in nats, mean over seeds (smallest to largest)"


def entropy_figures(results: Results, name: str) -> Iterator[Figure]:
    """Yield the figure, where digits were made against critics with or without the layer."""
    table = _entropies(drawable(results.where(kind="images")))
    if len(table):
        yield drawn(name, TITLE, _findings(table), _CAPTION, table, lambda: _drawing(table))


def _entropies(results: Results) -> pd.DataFrame:
    """Return `run`, `critic`, `seed`, `iteration` and `label_entropy`."""
    critics = {run: planned.configuration.critic for run, planned in results.runs.items()}
    names = {run: critic.name for run, critic in critics.items() if critic}
    table = results.evaluations[results.evaluations["ok"]]
    table = table.assign(critic=table["run"].map(names)).dropna(subset=["label_entropy"])
    table = table[table["critic"].isin(list(SIDES))]
    return table[["run", "critic", "seed", "iteration", "label_entropy"]]


def _findings(table: pd.DataFrame) -> list[Finding]:
    ends = table.sort_values("iteration").groupby(["run", "seed"], sort=False).tail(1)
    values = {
        words: {"entropy": mean_range(ends.loc[ends["critic"] == critic, "label_entropy"], 2)}
        for critic, (_, words) in SIDES.items()
        if critic in set(ends["critic"])
    }
    return [Finding(_STATEMENT, values)]


def _drawing(table: pd.DataFrame) -> Drawing:
    figure, axes = plt.subplots(figsize=(5.6, 3.0))
    for critic, (colour, _) in SIDES.items():
        rows = table[table["critic"] == critic].sort_values("iteration")
        for _, seed in rows.groupby(["run", "seed"]):
            axes.plot(seed["iteration"], seed["label_entropy"], c=colour, lw=1, alpha=0.8)
    axes.axhline(log(CLASSES), c=INK, ls=":", lw=1)
    axes.set(xlabel="generator iteration", ylabel="entropy (nats)", ylim=(0, log(CLASSES) + 0.1))
    few_ticks(axes, 5, 5)
    entries = [entry(words, c=colour) for colour, words in SIDES.values()]
    entries.append(entry("all classes alike", c=INK, ls=":"))
    figure.legend(handles=entries, loc="outside upper left", ncols=3)
    return figure
