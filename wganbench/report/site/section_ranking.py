"""The report's sections on which method is better, where methods were tuned alike."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from wganbench.gather.load import Results
from wganbench.plan.experiment import Experiment
from wganbench.report.fields import NAMES, Field, fields
from wganbench.report.figures.ranking import ranking_figure
from wganbench.report.site.sections import Section, section
from wganbench.report.style.blocks import Block
from wganbench.report.style.wording import count, listed
from wganbench.report.tables.ranking import left_out_table, pairs_table, standings_table

MOST_NAMED = 4  # methods that a heading names
_NONE = (
    "Nothing is ranked here. Methods are compared only where each was chosen from equally many "
    "settings, on seeds that the comparison does not use, with six other seeds or more on every "
    "task; no experiment of this scale has two methods of which that is so."
)


def ranking_sections(experiments: Mapping[str, Experiment], results: Results) -> Iterator[Section]:
    """Yield a section for each field of methods, and one with what is not compared, and why."""
    found, left_out = fields(results)
    for n, field in enumerate(found):
        part = results.select(field.scores["run"])
        about = [experiments[name] for name in field.settings]
        name = f"field-{n}"
        made = section(name, _title(field), part, _blocks(field, name), about=about)
        # Elsewhere diverged seeds are left out; here they count, and the table has their number.
        yield replace(made, remarks=[])
    if left_out:
        blocks = [left_out_table(left_out, "left-out-rows")]
        remarks = [] if found else [_NONE]
        yield Section("left-out", "What is not compared, and why", remarks=remarks, blocks=blocks)


def _blocks(field: Field, name: str) -> Iterator[Block]:
    yield ranking_figure(field, f"{name}-drawn")
    yield standings_table(field, f"{name}-standings")
    yield pairs_table(field, f"{name}-pairs")


def _title(field: Field) -> str:
    methods = list(field.standings)
    named = "; ".join(methods) if len(methods) <= MOST_NAMED else count(len(methods), "method")
    tasks = count(len(field.tasks), "task")
    return f"{NAMES[field.measure]}, {tasks} of {listed(list(field.settings))}: {named}"
