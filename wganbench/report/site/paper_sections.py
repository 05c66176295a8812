"""The places in the two papers that have a section of their own, in the papers' order."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from wganbench.gather.load import Results
from wganbench.gather.study import ends
from wganbench.plan.configuration import Configuration
from wganbench.plan.experiment import Experiment
from wganbench.report.figures.cells import paper_cells_figures
from wganbench.report.figures.depth import depth_figures
from wganbench.report.figures.sheets import image_sheets
from wganbench.report.figures.surfaces import surface_figures
from wganbench.report.site.kinds import KINDS, blocks_of, kinds_of
from wganbench.report.site.references import CODE, references
from wganbench.report.site.sections import Section, section
from wganbench.report.style.blocks import Block
from wganbench.report.style.drawable import drawable

Drawn = Iterable[tuple[Results, Iterable[Block]]]


@dataclass(frozen=True)
class Place:
    """A figure or section of a paper."""

    label: str
    title: str
    cited: tuple[str, ...]
    """How claims and experiments cite it."""
    kinds: tuple[str, ...] = tuple(KINDS)
    """Of data: experiments that cite the place and have these are drawn here and nowhere else."""
    draw: Callable[[Results, Results, str], Iterable[Block]] | None = None
    """Draws something else: of all experiments that cite the place, and of the study's."""

    @property
    def name(self) -> str:
        """Return its name on the page."""
        return self.label.partition(" and ")[0].replace(",", "").replace(" ", "-").lower()


def _cells(part: Results, study: Results, name: str) -> Iterator[Block]:
    del study
    yield from paper_cells_figures(drawable(part.of(kind="images")), name)


def _sheets(generator: str, norm: str) -> Callable[[Results, Results, str], Iterator[Block]]:
    """Return what draws the sheets of one generator with the papers' critic."""

    def draw(part: Results, study: Results, name: str) -> Iterator[Block]:
        del study
        images = part.of(kind="images")
        facts = images.facts
        wanted = [_is_of(run.configuration, generator, norm) for run in images.runs.values()]
        for architecture in dict.fromkeys(facts.loc[wanted, "architecture"]):
            yield image_sheets(drawable(images.of(architecture=architecture)), f"{name}-sheets")

    return draw


def _is_of(configuration: Configuration, generator: str, norm: str) -> bool:
    its = configuration.generator
    return (its.name, getattr(its, "norm", ""), configuration.critic.name) == (
        generator, norm, "dcgan",
    ) and not configuration.variant  # fmt: skip


def _surfaces(part: Results, study: Results, name: str) -> Iterator[Block]:
    del part, name
    table = ends(study)
    if not table.empty:
        yield from surface_figures(study, table)


def _depth(part: Results, study: Results, name: str) -> Iterator[Block]:
    del part, name
    table = ends(study)
    if not table.empty:
        yield from depth_figures(study, table)


def _nothing(part: Results, study: Results, name: str) -> Iterator[Block]:
    del part, study, name
    yield from ()


PAPERS: Mapping[str, Sequence[Place]] = {
    "WGAN": (
        Place("Figure 1", "Two parallel lines", ("figure 1", "example 1")),
        Place("Figure 2", "Two Gaussians", ("figure 2",)),
        Place(
            "Figures 3 and 4", "Does the loss tell how good samples are?",
            ("figure 3", "figure 4"), draw=_cells,
        ),
        Place("Figure 5", "A DCGAN generator", ("figure 5",), draw=_sheets("dcgan", "batch")),
        Place("Figure 6", "No batch norm", ("figure 6",), draw=_sheets("dcgan", "none")),
        Place("Figure 7", "An MLP as generator", ("figure 7",), draw=_sheets("mlp", "none")),
        Place(
            "Section 3", "Clip value, critic steps, and the Lipschitz constant",
            ("section 3", "algorithm 1", "equation 3"), draw=_nothing,
        ),
        Place(
            "Section 4", "Momentum, and mode collapse",
            ("section 4", "section 4.2", "section 4.3"), draw=_nothing,
        ),
        Place("Official code", "What the authors' code does besides", (CODE,), draw=_nothing),
    ),
    "GP": (
        Place("Figure 1a", "Value surfaces of critics", ("figure 1a", "figure 1"), draw=_surfaces),
        Place("Figure 1b", "Twelve layers", ("figure 1b", "figure 1"), draw=_depth),
        Place(
            "Section 4", "The gradient penalty",
            ("section 4", "corollary 1", "algorithm 1"), draw=_nothing,
        ),
        Place("Section 5", "Laws in the plane", ("section 5",), kinds=("law",)),
        Place("Figure 2", "One set of hyperparameters for every architecture", ("figure 2",)),
        Place("Figure 3", "Scores over iterations and over time", ("figure 3",)),
        Place("Figure 5", "A critic that overfits", ("figure 5", "figure 5b", "figure 5a")),
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Placed:
    """A place's section, and which experiments' runs on which kinds of data are all in it."""

    section: Section
    whole: frozenset[tuple[str, str]]


def paper_sections(
    paper: str, experiments: Mapping[str, Experiment], results: Results, studied: Sequence[str]
) -> Iterator[Placed]:
    """Yield a section for each place of a paper, also for one that no run bears on.

    Raises:
        UserError: a file of a run that is drawn is missing or damaged.
    """
    study = results.among(studied)
    for place in PAPERS[paper]:
        cited = [(paper, words) for words in place.cited]
        citing = {n for n, of in experiments.items() if set(references(of.source)) & set(cited)}
        others = results.among(citing - set(studied))
        whole: frozenset[tuple[str, str]] = frozenset()
        if place.draw:
            blocks = list(place.draw(others, study, f"{paper.lower()}-{place.name}"))
        else:
            whole = _whole(place, others)
            blocks = [
                block
                for name, kind in sorted(whole)
                for block in blocks_of(others.of(experiment=name, kind=kind), kind, name)
            ]
        behind = {run for block in blocks for run in block.behind}
        shown = {results.runs[run].experiment for run in behind} | {name for name, _ in whole}
        about = [experiments[name] for name in experiments if name in shown & citing]
        yield Placed(
            section(
                place.name, place.title, results.among(shown), blocks, place.label, cited,
                about[0].question if len(about) == 1 and whole else "", about,
            ),
            whole,
        )  # fmt: skip


def _whole(place: Place, results: Results) -> frozenset[tuple[str, str]]:
    return frozenset((name, kind) for name, kind in kinds_of(results) if kind in place.kinds)
