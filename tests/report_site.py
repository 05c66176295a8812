"""The report as its reader's browser sees it, and small projects to make it from."""

from html.parser import HTMLParser
from pathlib import Path

from digits_space import write_digits

from wganbench.claims.judging.store import write_claims
from wganbench.data.digits import Digits
from wganbench.data.store import write_data
from wganbench.fidelity.codes import measure as measure_codes
from wganbench.fidelity.measure import measure as measure_fidelity
from wganbench.fidelity.nets import measure as measure_nets
from wganbench.plan.experiment import Experiment
from wganbench.plan.measurements.bounds import ROW as BOUNDS
from wganbench.plan.measurements.codes import ROW as CODES
from wganbench.plan.measurements.fidelity import ROW as FIDELITY
from wganbench.plan.measurements.nets import ROW as NETS
from wganbench.plan.runs import Run, load_all, plan
from wganbench.report.site.files import INDEX, page_files
from wganbench.report.site.write import write_report
from wganbench.training.train import train_run
from wganbench.transport.bounds import measure as measure_bounds
from wganbench.transport.measure import measure as measure_transport


class Page(HTMLParser):
    """What a reader's browser makes of a page: elements, and tables as texts by their ids."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.tables: dict[str, list[list[str]]] = {}
        self._rows: list[list[str]] = []
        self._in_cell = False  # and not in what unfolds
        self.text = path.read_text(encoding="utf-8")
        self.feed(self.text)

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        self.elements.append((tag, attributes))
        if tag == "table":
            self._rows = self.tables.setdefault(attributes.get("id", "?"), [])
        if tag == "tr":
            self._rows.append([])
        if tag in ("td", "th"):
            self._rows[-1].append("")
            self._in_cell = True
        if tag == "pre":
            self._in_cell = False

    def handle_endtag(self, tag):
        if tag in ("td", "th"):
            self._in_cell = False

    def handle_data(self, data):
        if self._in_cell:
            self._rows[-1][-1] += data

    @property
    def ids(self) -> list[str]:
        """Return the ids of all elements."""
        return [a["id"] for _, a in self.elements if a.get("id")]

    @property
    def links(self) -> list[str]:
        """Return where its links lead."""
        return [a["href"] for tag, a in self.elements if tag == "a" and a.get("href")]


class Site:
    """All pages of a report."""

    def __init__(self, reports: Path) -> None:
        assert {path.name for path in reports.glob("*.html")} == set(page_files())
        self.reports = reports
        self.pages = {name: Page(reports / name) for name in page_files()}

    @property
    def text(self) -> str:
        """Return all pages' sources."""
        return "".join(page.text for page in self.pages.values())

    @property
    def elements(self) -> list[tuple[str, dict[str, str | None]]]:
        """Return all pages' elements."""
        return [element for page in self.pages.values() for element in page.elements]

    @property
    def ids(self) -> set[str]:
        """Return the ids on all pages."""
        return {name for page in self.pages.values() for name in page.ids}

    def rows(self, table: str) -> list[dict[str, str]]:
        """Return a table's rows by the names of its columns, whichever page it is on."""
        (found,) = (
            page.tables[f"{table}-rows"]
            for page in self.pages.values()
            if f"{table}-rows" in page.tables
        )
        head, *body = [[cell.strip() for cell in row] for row in found]
        return [dict(zip(head, row, strict=True)) for row in body]


def planned(folder: Path) -> tuple[dict[str, Experiment], dict[str, list[Run]]]:
    """Return experiments and runs at scale smoke."""
    experiments = load_all(None, folder)
    return experiments, plan("smoke", None, folder)


def train(runs: dict[str, list[Run]], results: Path, data: Path) -> None:
    """Train and measure every run; feature spaces lie beside the folder of the results."""
    extractors = results.with_name("extractors")
    for run in (run for runs_of in runs.values() for run in runs_of):
        dataset = run.configuration.data
        if not (data / f"{dataset.id}.npz").exists():
            write_data(dataset, data)
        train_run(run, results / run.id, data=data)
        if dataset.kind != "images":
            measure_transport(run, results / run.id, data)
        if BOUNDS.applies(run):
            measure_bounds(run, results / run.id)
        if dataset.kind == "images" and not (extractors / f"{dataset.id}.npz").exists():
            assert dataset == Digits()
            write_digits(data, extractors)
        if FIDELITY.applies(run):
            measure_fidelity(run, results / run.id, extractors)
        if NETS.applies(run):
            measure_nets(run, results / run.id, data, extractors)
        if CODES.applies(run):
            measure_codes(run, results / run.id, extractors)


def write(
    experiments: dict[str, Experiment],
    runs: dict[str, list[Run]],
    results: Path,
    reports: Path,
    data: Path = Path("data"),
) -> Site:
    """Judge the claims by these runs, write the report about them and read it."""
    claims = write_claims([run for of in runs.values() for run in of], "smoke", results, reports)
    first = write_report(experiments, runs, "smoke", results, reports, [claims], data)
    assert first == reports / INDEX
    return Site(reports)
