"""`reports/*.html`: self-contained pages made from the results."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from wganbench import __version__
from wganbench.files import written_atomically
from wganbench.gather.load import Results, load_results
from wganbench.plan.experiment import Experiment
from wganbench.plan.runs import Run
from wganbench.records.claims import Claims
from wganbench.records.data import DATA
from wganbench.report.site.explorer import run_anchor
from wganbench.report.site.family import family
from wganbench.report.site.files import INDEX
from wganbench.report.site.pages import pages
from wganbench.report.site.verdicts import MEANINGS, groups, headline, judged
from wganbench.report.style.wording import count

TEMPLATES = Path(__file__).parent / "templates"


def write_report(
    experiments: dict[str, Experiment],
    runs: dict[str, list[Run]],
    scale: str,
    folder: Path,
    reports: Path,
    claims: Sequence[Claims],
    data: Path = DATA,
    gaps: Sequence[str] = (),
) -> Path:
    """Write the report and return the path of its first page.

    Args:
        experiments: the experiments by name.
        runs: each experiment's runs at this scale.
        scale: the scale, as the pages name it.
        folder: the folder with the runs' folders.
        reports: the folder that gets the pages.
        claims: the verdicts on these runs, and after them what was judged at other scales.
        data: the folder with the data files; those of images are read.
        gaps: what of the plan is left out, a line for each experiment.

    Raises:
        UserError: a result is missing or damaged, or the verdicts are on other runs; nothing is
            written then.
    """
    planned = [run for listed in runs.values() for run in listed]
    verdicts = judged(claims, scale, planned)
    loaded = load_results(planned, folder, data)
    made, verdicts = pages(experiments, runs, loaded, verdicts)
    environment = _environment()
    facts = {
        "pages": made, "claims": verdicts, "headline": headline(claims[0]),
        "meanings": MEANINGS,
        "groups": groups(verdicts), "family": family(verdicts),
        "scale": scale, "version": __version__,
        "counts": _counts(loaded), "gaps": gaps, "diverged": loaded.diverged(),
        "hardware": sorted({r.provenance.device_name for r in loaded.records.values()}),
    }  # fmt: skip
    written = {
        page.file: environment.get_template(page.template).render(page=page, **facts)
        for page in made
    }
    _replace_all(reports, written)
    return reports / INDEX


def _replace_all(reports: Path, written: Mapping[str, str]) -> None:
    """Write all pages; those of a paper that is gone go."""
    for file, text in written.items():
        with written_atomically(reports / file) as temporary:
            temporary.write_text(text, encoding="utf-8")
    for page in reports.glob("*.html"):
        if page.name not in written:
            page.unlink()


def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["anchor"] = run_anchor
    environment.filters["sentence"] = lambda text: text[:1].upper() + text[1:]
    return environment


def _counts(results: Results) -> str:
    replicas = [seed for record in results.records.values() for seed in record.seeds]
    seconds = sum(record.timings.total for record in results.records.values())
    lost = sum(seed.status != "ok" for seed in replicas)
    ended = f"{count(lost, 'replica')} diverged" if lost else "none diverged"
    return (
        f"{count(len(results.runs), 'run')}, {count(len(replicas), 'replica')} (run × seed), "
        f"{ended}; {seconds / 60:,.1f} process minutes of training and evaluation"
    )
