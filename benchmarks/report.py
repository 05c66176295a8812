"""How long the report takes and how large it is for many runs, made out of a few real ones.

    python benchmarks/report.py [RUNS]     # in a project whose results are complete

Every run is copied under other settings (its batch size, which labels tell apart), so that grids
get wider, as those of a cluster are; what training left is linked. Prints seconds and MB by page.
"""

import json
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pyarrow.parquet as pq
import typer

from wganbench.plan.params import load_params
from wganbench.plan.runs import Run
from wganbench.plan.steps import MEASUREMENTS
from wganbench.records.claims import read_claims
from wganbench.records.layout import CLAIMS, EXTRACTORS, RECORD, RUNS, SCALES
from wganbench.records.tables import RUN as TABLES_RUN
from wganbench.report.site.files import page_files
from wganbench.report.site.write import write_report

WANTED = 2000
MEASURED = [step.file for step in MEASUREMENTS]


def main() -> None:
    """Write the report about many runs into a temporary folder, and print what it took."""
    wanted = int(sys.argv[1]) if len(sys.argv) > 1 else WANTED
    params = load_params(None)
    planned = params.runs()
    times = -(-wanted // sum(map(len, planned.values())))
    with tempfile.TemporaryDirectory() as temporary:
        results, reports = Path(temporary) / "runs", Path(temporary) / "reports"
        (Path(temporary) / EXTRACTORS.name).symlink_to(EXTRACTORS.absolute())
        many = {
            name: [copy for run in runs for copy in copies(run, times, results)]
            for name, runs in planned.items()
        }
        claims = [read_claims(SCALES / params.scale / CLAIMS)]
        start, computed = time.perf_counter(), time.process_time()
        write_report(params.experiments(), many, params.scale, results, reports, claims)
        typer.echo(
            f"{sum(map(len, many.values())):,} runs: {time.perf_counter() - start:.1f} s, "
            f"of one processor {time.process_time() - computed:.1f} s"
        )
        for page in page_files():
            typer.echo(f"{page:15} {(reports / page).stat().st_size / 1e6:6.2f} MB")


def copies(run: Run, times: int, results: Path) -> Iterator[Run]:
    """Yield the run and its likes, with their results linked into a folder."""
    for k in range(times):
        size = run.configuration.batch_size + k
        copy = Run(
            experiment=run.experiment,
            scale=run.scale,
            seeds=run.seeds,
            point=run.point | ({"batch_size": size} if k else {}),
            configuration=run.configuration.model_copy(update={"batch_size": size}),
        )
        folder = results / copy.id
        folder.mkdir(parents=True)
        for file in (RUNS / run.id).resolve().iterdir():
            if file.name in MEASURED:  # which name their run
                table = pq.read_table(file)
                named = table.schema.metadata | {TABLES_RUN: copy.digest.encode()}
                pq.write_table(table.replace_schema_metadata(named), folder / file.name)
            elif file.name != RECORD:
                (folder / file.name).symlink_to(file)
        record = json.loads((RUNS / run.id / RECORD).read_text())
        configuration = copy.configuration.identity()
        changed = {"id": copy.id, "digest": copy.digest, "point": copy.point}
        text = json.dumps(record | changed | {"configuration": configuration})
        (folder / RECORD).write_text(text)
        yield copy


if __name__ == "__main__":
    main()
