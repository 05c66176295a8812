"""How long the report takes and how large it is for many runs, made out of a few real ones.

    python benchmarks/report.py [RUNS]     # in a project whose results are complete

Every run is copied under other settings (its batch size, which labels tell apart), so that grids
get wider, as those of a cluster are; the copies' results are links. Prints seconds and MB by page.
"""

import json
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import typer

from wganbench.claims.judging.store import read_claims
from wganbench.plan.params import load_params
from wganbench.plan.products import CLAIMS, PAGES, RESULTS, RUNS
from wganbench.plan.runs import Run
from wganbench.report.page import write_report

WANTED = 2000


def main() -> None:
    """Write the report about many runs into a temporary folder, and tell what it took."""
    wanted = int(sys.argv[1]) if len(sys.argv) > 1 else WANTED
    params = load_params(None)
    planned = params.runs()
    times = -(-wanted // sum(map(len, planned.values())))
    with tempfile.TemporaryDirectory() as temporary:
        results, reports = Path(temporary) / "runs", Path(temporary) / "reports"
        many = {
            name: [copy for run in runs for copy in copies(run, times, results)]
            for name, runs in planned.items()
        }
        claims = read_claims(RESULTS / CLAIMS)
        start, computed = time.perf_counter(), time.process_time()
        write_report(params.experiments(), many, params.scale, results, reports, claims)
        typer.echo(
            f"{sum(map(len, many.values())):,} runs: {time.perf_counter() - start:.1f} s, "
            f"of one processor {time.process_time() - computed:.1f} s"
        )
        for page in PAGES:
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
            if file.name != "run.json":
                (folder / file.name).symlink_to(file)
        record = json.loads((RUNS / run.id / "run.json").read_text())
        changed = {"id": copy.id, "digest": copy.digest, "point": copy.point}
        (folder / "run.json").write_text(json.dumps(record | changed))
        yield copy


if __name__ == "__main__":
    main()
