"""From results to pages: which sections stand where, and which claims stand in which."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from wganbench.gather.load import Results
from wganbench.plan.experiment import Experiment
from wganbench.plan.runs import Run
from wganbench.records.layout import PAGES
from wganbench.report.site.explorer import run_explorer
from wganbench.report.site.kinds import blocks_of, kinds_of
from wganbench.report.site.paper_sections import paper_sections
from wganbench.report.site.references import Reference
from wganbench.report.site.section_estimates import estimate_sections
from wganbench.report.site.section_study import studies, study_sections
from wganbench.report.site.sections import Link, Section, section
from wganbench.report.site.verdicts import Judged
from wganbench.report.tables.differences import difference_table
from wganbench.report.tables.provenance import provenance_table

INDEX, WGAN, GP, DISTANCE, IMAGES, RUNS = PAGES
ELSEWHERE = {"images": IMAGES, "law": DISTANCE, "pair": DISTANCE}
"""Where experiments stand, by their data, that no place of a paper's page shows."""


@dataclass(frozen=True)
class Page:
    """One page: its words and its sections."""

    file: str
    short: str
    """Its name in the navigation."""
    title: str
    lead: str
    nothing: str
    """What it says in place of sections if it has none."""
    template: str = "sections.html.jinja"
    sections: Sequence[Section] = ()


_PAGES = (
    Page(
        INDEX, "Verdicts", "Do the claims about Wasserstein GANs hold?", "", "",
        template="index.html.jinja",
    ),
    Page(
        WGAN, "Wasserstein GAN", "Wasserstein GAN",
        "The figures of [WGAN] (Arjovsky, Chintala, Bottou 2017, arXiv 1701.07875), made from our "
        "runs, each with the claims about it.",
        "No run of this scale belongs to a figure of the paper.",
    ),
    Page(
        GP, "Improved Training", "Improved Training of Wasserstein GANs",
        "The figures of [GP] (Gulrajani et al. 2017, arXiv 1704.00028), made from our runs, each "
        "with the claims about it.",
        "No run of this scale belongs to a figure of the paper.",
    ),
    Page(
        DISTANCE, "Is it the distance?", "Is it the Wasserstein distance?",
        "What critics report beside the exact W1 of the same samples, or the true W1 where a pair "
        "of laws has a known one.",
        "No run of this scale has a distance to compare with.",
    ),
    Page(
        IMAGES, "Images", "Images",
        "Generated images along training, their nearest training images and their fidelity, for "
        "the experiments that belong to no one figure of a paper.",
        "No run of this scale makes images outside the papers' figures.",
    ),
    Page(
        RUNS, "Runs and settings", "Runs and settings",
        "Every run, the settings in which it differs from the papers', and what it was made on.",
        "There is no run.",
    ),
)  # fmt: skip


def pages(
    experiments: Mapping[str, Experiment],
    runs: Mapping[str, Sequence[Run]],
    results: Results,
    claims: Sequence[Judged],
) -> tuple[list[Page], list[Judged]]:
    """Return the pages, and the claims with the places where their figures are.

    Raises:
        UserError: a result is missing or damaged.
    """
    studied = studies(runs)
    others = [name for name in runs if name not in studied]
    by_page: dict[str, list[Section]] = {file: [] for file in PAGES}
    whole: set[tuple[str, str]] = set()
    for paper, file in (("WGAN", WGAN), ("GP", GP)):
        for placed in paper_sections(paper, experiments, results, studied):
            by_page[file].append(placed.section)
            whole |= placed.whole
    by_page[DISTANCE] += estimate_sections(results, others)
    by_page[DISTANCE] += study_sections(experiments, studied, results)
    for kind, file in ELSEWHERE.items():
        by_page[file] += _others(kind, experiments, others, results, whole)
    by_page[DISTANCE].append(Section("later", "What later work says"))
    by_page[RUNS] = list(_runs(experiments, runs, results))
    placed_claims = _with_homes(claims, by_page)
    where = _where(by_page, results, experiments)
    filled = {
        file: [_with_claims(of, file, placed_claims, where) for of in sections]
        for file, sections in by_page.items()
    }
    return [
        replace(page, sections=[of for of in filled[page.file] if of.blocks or of.claims])
        for page in _PAGES
    ], placed_claims


def _others(
    kind: str,
    experiments: Mapping[str, Experiment],
    names: Sequence[str],
    results: Results,
    whole: set[tuple[str, str]],
) -> Iterator[Section]:
    """Yield the experiments that no place of a paper shows whole, those about a figure first."""
    for name in sorted(names, key=lambda name: "figure" not in experiments[name].source):
        if (name, kind) in kinds_of(results) - whole:
            part, of = results.of(experiment=name, kind=kind), experiments[name]
            blocks = blocks_of(part, kind, name)
            yield section(
                f"{name}-{kind}", of.title, part, blocks, question=of.question, about=[of]
            )


def _runs(
    experiments: Mapping[str, Experiment], runs: Mapping[str, Sequence[Run]], results: Results
) -> Iterator[Section]:
    yield Section("all-runs", "Runs", blocks=[run_explorer(results, "runs")])
    table = difference_table(experiments, runs, "differences")
    yield Section("settings", "Settings", blocks=[table])
    yield Section("made", "Provenance", blocks=[provenance_table(results, "provenance")])


def _with_homes(claims: Sequence[Judged], by_page: Mapping[str, Sequence[Section]]) -> list[Judged]:
    """Tell each claim the first section about a place that it cites."""
    homes: dict[Reference, str] = {}
    for file, sections in by_page.items():
        for of in sections:
            for reference in of.cited:
                homes.setdefault(reference, f"{file}#{of.name}")
    later = f"{DISTANCE}#later"
    return [
        replace(claim, home=next((homes[r] for r in claim.cited if r in homes), later))
        for claim in claims
    ]


def _where(
    by_page: Mapping[str, Sequence[Section]],
    results: Results,
    experiments: Mapping[str, Experiment],
) -> dict[str, Link]:
    """Return, for each experiment, the block that shows it with the fewest others beside it."""
    found: dict[str, tuple[int, Link]] = {}
    for file, sections in by_page.items():
        for block in (block for of in sections for block in of.blocks):
            shown = {results.runs[run].experiment for run in block.behind}
            for name in shown:
                if name not in found or len(shown) < found[name][0]:
                    link = Link(f"{file}#{block.name}", experiments[name].title)
                    found[name] = len(shown), link
    return {name: link for name, (_, link) in found.items()}


def _with_claims(
    of: Section, file: str, claims: Sequence[Judged], where: Mapping[str, Link]
) -> Section:
    """Return a section with the claims about it, and links to figures that it does not have."""
    here = f"{file}#{of.name}"
    mine = [c for c in claims if c.home == here or set(c.cited) & set(of.cited)]
    own = {f"{file}#{block.name}" for block in of.blocks}
    behind = dict.fromkeys(run.partition("/")[0] for c in mine for run in c.verdict.runs)
    links = [where[name] for name in behind if name in where and where[name].href not in own]
    return replace(of, claims=mine, elsewhere=list(dict.fromkeys(links)))
