"""From results to pages: which sections stand where, and which claims stand in which."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from wganbench.gather.load import Results
from wganbench.papers import Paper, papers
from wganbench.plan.experiment import Experiment
from wganbench.plan.runs import Run
from wganbench.report.figures.known import known_figures
from wganbench.report.site.explorer import run_explorer
from wganbench.report.site.files import (
    BETTER,
    COST,
    DISTANCE,
    FAMILY,
    IMAGES,
    INDEX,
    KNOWN,
    RUNS,
)
from wganbench.report.site.kinds import blocks_of, kinds_of
from wganbench.report.site.references import Reference, references
from wganbench.report.site.section_ranking import ranking_sections
from wganbench.report.site.section_study import estimate_sections, studies, study_sections
from wganbench.report.site.sections import Link, Section, section
from wganbench.report.site.verdicts import Judged
from wganbench.report.style.blocks import Block
from wganbench.report.tables.cost import cost_table
from wganbench.report.tables.differences import difference_table
from wganbench.report.tables.known import known_table
from wganbench.report.tables.provenance import provenance_table

ELSEWHERE = {"images": IMAGES, "law": DISTANCE, "pair": DISTANCE}
"""Where experiments stand, by their data, that no figure of a paper shows."""
LATER = Section("later", "What other papers and discussions say")
"""Where claims stand that are about no paper with a page."""


@dataclass(frozen=True)
class Page:
    """One page: its words and its sections."""

    file: str
    short: str
    """Its name in the navigation."""
    title: str
    lead: str
    nothing: str
    """What stands there in place of sections if it has none."""
    template: str = "sections.html.jinja"
    sections: Sequence[Section] = ()


def _empty_pages() -> list[Page]:
    known = papers().items()
    return [
        Page(
            INDEX, "Verdicts", "Do the claims about Wasserstein GANs hold?", "", "",
            template="index.html.jinja",
        ),
        *(_page_of(file, paper) for file, paper in known if paper.is_main),
        Page(
            FAMILY, "The family", "The family: models and questions around WGAN",
            "What the models say that WGAN is compared with, and what is asked about it, beside "
            "what was found here; each claim leads to its figures.",
            "", template="family.html.jinja",
        ),
        *(_page_of(file, paper) for file, paper in known if not paper.is_main),
        Page(
            KNOWN, "Known answers", "Known answers",
            "Numbers of the sources that need no training, computed again: what this benchmark's "
            "own distances and divergences are held against.",
            "",
        ),
        Page(
            DISTANCE, "Is it the distance?", "Is it the Wasserstein distance?",
            "What critics report beside the exact W1 of the same samples, or the true W1 where a "
            "pair of laws has a known one.",
            "No run of this scale has a distance to compare with.",
        ),
        Page(
            IMAGES, "Images", "Images",
            "Generated images along training, their nearest training images and their fidelity, "
            "for the experiments that belong to no one figure of a paper.",
            "No run of this scale makes images outside the papers' figures.",
        ),
        Page(
            BETTER, "Which is better?", "Which method is better, and how sure?",
            "How near to the data methods end, over all laws and image sets on which they were "
            "tuned alike, and how probably one ends nearer than another.",
            "No run of this scale has a generator whose distance from the data is measured.",
        ),
        Page(
            RUNS, "Runs and settings", "Runs and settings",
            "Every run, the settings in which it differs from the papers', and what it was made "
            "on.",
            "There is no run.",
        ),
        Page(
            COST, "Cost", "What it cost",
            "How long the trainings of each experiment took and on what, and how large their "
            "files are; the command wganbench plan --estimate says it before anything has run.",
            "There is no run.",
        ),
    ]  # fmt: skip


def _page_of(file: str, paper: Paper) -> Page:
    nothing = "No run of this scale belongs to a figure of the paper."
    return Page(file, paper.short, paper.title, paper.lead, nothing)


def pages(
    experiments: Mapping[str, Experiment],
    runs: Mapping[str, Sequence[Run]],
    results: Results,
    claims: Sequence[Judged],
) -> tuple[list[Page], list[Judged]]:
    """Return the pages, and the claims, each with the section that it stands in.

    Raises:
        UserError: a result is missing or damaged.
    """
    empty = _empty_pages()
    by_page = _sections({page.file: [] for page in empty}, experiments, runs, results.compared)
    by_page[BETTER] += ranking_sections(experiments, results)
    by_page[RUNS] += _of_all_runs(experiments, runs, results)
    by_page[COST].append(Section("took", "By experiment", blocks=[cost_table(results, "cost")]))
    by_page[KNOWN] += [
        Section("answers", "Numbers", blocks=[known_table("known")]),
        Section("drawn", "Drawn", blocks=known_figures(results.compared, "known")),
    ]
    housed = _with_homes(claims, by_page)
    links = _links(by_page, results, experiments)
    filled = []
    for page in empty:
        sections = [_with_claims(s, page.file, housed, links) for s in by_page[page.file]]
        filled.append(replace(page, sections=[s for s in sections if s.blocks or s.claims]))
    return filled, housed


def _sections(
    by_page: dict[str, list[Section]],
    experiments: Mapping[str, Experiment],
    runs: Mapping[str, Sequence[Run]],
    results: Results,
) -> dict[str, list[Section]]:
    studied = studies(runs)
    others = [name for name in runs if name not in studied]
    whole: set[tuple[str, str]] = set()
    for file, paper in papers().items():
        for one, its_whole in paper_sections(paper, experiments, results, studied):
            by_page[file].append(one)
            whole.update(its_whole)
    by_page[DISTANCE] += estimate_sections(results, others)
    by_page[DISTANCE] += study_sections(experiments, studied, results)
    for kind, file in ELSEWHERE.items():
        by_page[file] += _others(kind, experiments, others, results, whole)
    by_page[DISTANCE].append(LATER)
    return by_page


def _of_all_runs(
    experiments: Mapping[str, Experiment], runs: Mapping[str, Sequence[Run]], results: Results
) -> list[Section]:
    """Return the sections that have every run, also those of settings that were not chosen."""
    return [
        Section("all-runs", "Runs", blocks=[run_explorer(results, "runs")]),
        Section(
            "settings", "Settings", blocks=[difference_table(experiments, runs, "differences")]
        ),
        Section("made", "Provenance", blocks=[provenance_table(results, "provenance")]),
    ]


def _others(
    kind: str,
    experiments: Mapping[str, Experiment],
    names: Sequence[str],
    results: Results,
    whole: set[tuple[str, str]],
) -> Iterator[Section]:
    """Yield the experiments that no figure of a paper shows whole, those about a figure first."""
    for name in sorted(names, key=lambda name: "figure" not in experiments[name].source):
        if (name, kind) in kinds_of(results) - whole:
            part, experiment = results.where(experiment=name, kind=kind), experiments[name]
            yield section(
                f"{name}-{kind}", experiment.title, part, blocks_of(part, kind, name),
                question=experiment.question, about=[experiment],
            )  # fmt: skip


def _with_homes(claims: Sequence[Judged], by_page: Mapping[str, Sequence[Section]]) -> list[Judged]:
    """Give each claim the first section about a figure that it cites."""
    homes: dict[Reference, str] = {}
    for file, sections in by_page.items():
        for one in sections:
            for reference in one.cited:
                homes.setdefault(reference, f"{file}#{one.name}")
    later = f"{DISTANCE}#{LATER.name}"
    return [
        replace(claim, home=next((homes[r] for r in claim.cited if r in homes), later))
        for claim in claims
    ]


def _links(
    by_page: Mapping[str, Sequence[Section]],
    results: Results,
    experiments: Mapping[str, Experiment],
) -> dict[str, Link]:
    """Return, for each experiment, the block that shows it with the fewest others beside it."""
    found: dict[str, tuple[int, Link]] = {}
    for file, sections in by_page.items():
        for block in (block for one in sections for block in one.blocks):
            shown = {results.runs[run].experiment for run in block.behind}
            for name in shown:
                if name not in found or len(shown) < found[name][0]:
                    link = Link(f"{file}#{block.name}", experiments[name].title)
                    found[name] = len(shown), link
    return {name: link for name, (_, link) in found.items()}


def _with_claims(
    one: Section, file: str, claims: Sequence[Judged], links: Mapping[str, Link]
) -> Section:
    """Return a section with the claims about it, and links to figures that it does not have."""
    here = f"{file}#{one.name}"
    mine = [c for c in claims if c.home == here or set(c.cited) & set(one.cited)]
    own = {f"{file}#{block.name}" for block in one.blocks}
    behind = dict.fromkeys(run.partition("/")[0] for c in mine for run in c.verdict.runs)
    more = [links[name] for name in behind if name in links and links[name].href not in own]
    return replace(one, claims=mine, elsewhere=list(dict.fromkeys(more)))


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
        kinds = Counter(name for name, _ in whole)
        for name, kind in whole:
            blocks_name = f"{name}-{kind}" if kinds[name] > 1 else name
            blocks += blocks_of(others.where(experiment=name, kind=kind), kind, blocks_name)
        behind = {run for block in blocks for run in block.behind}
        shown = {run.partition("/")[0] for run in behind} | {name for name, _ in whole}
        about = [experiments[name] for name in experiments if name in shown & citing]
        question = about[0].question if len(about) == 1 and whole else ""
        yield (
            section(
                figure.name, figure.title, results.among(shown), blocks, label=figure.label,
                cited=cited, question=question, about=about,
            ),
            whole,
        )  # fmt: skip
