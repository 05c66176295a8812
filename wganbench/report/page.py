"""`reports/index.html`: one self-contained page made from the results."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from wganbench import __version__
from wganbench.data.store import DATA
from wganbench.files import written_atomically
from wganbench.gather.load import Results, load_results
from wganbench.plan.experiment import Experiment
from wganbench.plan.runs import Run
from wganbench.report.blocks import Block, Section, Table
from wganbench.report.differences import difference_table
from wganbench.report.explorer import run_explorer
from wganbench.report.figures_curves import curves_figure
from wganbench.report.figures_estimates import estimate_figure, estimate_table
from wganbench.report.figures_pairs import pair_figures
from wganbench.report.figures_samples import samples_figures
from wganbench.report.figures_toys import distance_figure, final_table
from wganbench.report.section_images import image_blocks
from wganbench.report.section_study import studies, study_sections
from wganbench.report.wording import count

TEMPLATES = Path(__file__).parent / "templates"
FILE = "index.html"
KINDS = ("law", "images", "pair")  # the order of sections


def write_report(
    experiments: dict[str, Experiment],
    runs: dict[str, list[Run]],
    scale: str,
    folder: Path,
    reports: Path,
    data: Path = DATA,
) -> Path:
    """Write the report and return its path.

    Args:
        experiments: the experiments by name.
        runs: each experiment's runs at this scale.
        scale: the scale, as the page names it.
        folder: the folder with the runs' folders.
        reports: the folder that gets index.html.
        data: the folder with the data files; those of images are read.

    Raises:
        UserError: a result is missing or damaged; nothing is written then.
    """
    loaded = load_results([run for planned in runs.values() for run in planned], folder, data)
    sections = list(_sections(experiments, runs, loaded))
    page = _environment().get_template("index.html.jinja").render(
        scale=scale,
        version=__version__,
        sections=sections,
        findings=[(block, section) for section in sections for block in _found(section)],
        diverged=loaded.diverged(),
        counts=_counts(loaded),
        hardware=sorted({r.provenance.device_name for r in loaded.records.values()}),
    )  # fmt: skip
    path = reports / FILE
    with written_atomically(path) as temporary:
        temporary.write_text(page, encoding="utf-8")
    return path


def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _counts(results: Results) -> str:
    replicas = [seed for record in results.records.values() for seed in record.seeds]
    seconds = sum(record.timings.total for record in results.records.values())
    lost = sum(seed.status != "ok" for seed in replicas)
    ended = f"{count(lost, 'replica')} diverged" if lost else "none diverged"
    return (
        f"{count(len(results.runs), 'run')}, {count(len(replicas), 'replica')} (run × seed), "
        f"{ended}; {seconds / 60:,.1f} process minutes of training and evaluation"
    )


def _found(section: Section) -> list[Block]:
    told = [block for block in section.blocks if not isinstance(block, Table)]
    return [block for block in told if block.in_brief and block.findings]


def _sections(
    experiments: Mapping[str, Experiment], runs: Mapping[str, Sequence[Run]], results: Results
) -> Iterator[Section]:
    studied = studies(runs)
    others = {name: planned for name, planned in runs.items() if name not in studied}
    estimates = list(_estimate_blocks(results.among(others), others))
    if estimates:
        yield Section(
            "estimates",
            "Does the critic's loss measure the Wasserstein distance?",
            question="Where exact W1 can be computed, is the critic's estimate on the same samples "
            "equal to it, proportional to it, or at least in the same order along training?",
            blocks=estimates,
        )
    yield from study_sections(experiments, studied, results)
    for kind in KINDS:
        for name in others:
            part = results.of(experiment=name, kind=kind)
            if part.runs:
                yield _experiment_section(name, kind, experiments[name], part)
    tables = [run_explorer(results, "runs"), difference_table(experiments, runs, "differences")]
    yield Section("tables", "Runs and settings", blocks=tables)


def _estimate_blocks(results: Results, runs: Mapping[str, Sequence[Run]]) -> Iterator[Block]:
    for name in runs:
        part = results.of(experiment=name, kind="law")
        if part.runs:
            yield estimate_figure(
                part, f"estimate-{name}", f"Laws that a generator learns ({name})"
            )
            yield estimate_table(part, f"estimate-table-{name}")
    pairs = results.of(kind="pair")
    if pairs.runs:
        yield estimate_figure(pairs, "estimate-pairs", "Fixed pairs of laws")
        yield estimate_table(pairs, "estimate-table-pairs")


def _experiment_section(name: str, kind: str, experiment: Experiment, part: Results) -> Section:
    return Section(
        f"{name}-{kind}",
        experiment.title,
        source=experiment.source,
        question=experiment.question,
        notes=experiment.notes,
        remarks=_remarks(part),
        blocks=list(_BLOCKS[kind](part, name)),
    )


def _remarks(part: Results) -> list[str]:
    lost = part.diverged()
    if not lost:
        return []
    return [f"Diverged seeds, left out of every mean and figure: {'; '.join(lost)}."]


def _law_blocks(part: Results, name: str) -> Iterator[Block]:
    yield distance_figure(part, f"{name}-distance")
    yield final_table(part, f"{name}-final")
    yield from samples_figures(part, f"{name}-samples")
    yield curves_figure(
        part, f"{name}-curves", "What the critic says along training", "label", "data",
        list(dict.fromkeys(part.facts["data"])),
    )  # fmt: skip


def _pair_blocks(part: Results, name: str) -> Iterator[Block]:
    for data in dict.fromkeys(part.facts["data"]):
        yield from pair_figures(part.of(data=data), data, f"{name}-{data}")


_BLOCKS = {"law": _law_blocks, "images": image_blocks, "pair": _pair_blocks}
