"""A section for each figure of a paper."""

from collections.abc import Iterator, Mapping, Sequence

from wganbench.gather.load import Results
from wganbench.papers import Paper
from wganbench.plan.experiment import Experiment
from wganbench.report.site.kinds import blocks_of, kinds_of
from wganbench.report.site.references import references
from wganbench.report.site.sections import Section, section
from wganbench.report.style.blocks import Block


def paper_sections(
    paper: Paper, experiments: Mapping[str, Experiment], results: Results, studied: Sequence[str]
) -> Iterator[tuple[Section, list[tuple[str, str]]]]:
    """Yield a section for each figure of a paper, also for one that no run bears on.

    With each come the experiments whose runs on a kind of data are all in it, with that kind.

    Args:
        paper: the paper.
        experiments: the experiments by name.
        results: of all runs.
        studied: the experiments of critics trained alone; only figures made from them show them.

    Raises:
        UserError: a file of a run that is drawn is missing or damaged.
    """
    for figure in paper.figures:
        cited = [(paper.tag, words) for words in figure.cited_as]
        citing = {n for n, e in experiments.items() if set(references(e.source)) & set(cited)}
        others = results.among(citing - set(studied))
        whole = sorted(pair for pair in kinds_of(others) if pair[1] in figure.shows)
        blocks: list[Block] = []
        if figure.draw:
            part = results.among(studied) if figure.from_study else others
            blocks += figure.draw(part, f"{paper.tag.lower()}-{figure.name}")
        for name, kind in whole:
            blocks += blocks_of(others.where(experiment=name, kind=kind), kind, name)
        behind = {run for block in blocks for run in block.behind}
        shown = {results.runs[run].experiment for run in behind} | {name for name, _ in whole}
        about = [experiments[name] for name in experiments if name in shown & citing]
        question = about[0].question if len(about) == 1 and whole else ""
        yield (
            section(
                figure.name, figure.title, results.among(shown), blocks, figure.label, cited,
                question, about,
            ),
            whole,
        )  # fmt: skip
