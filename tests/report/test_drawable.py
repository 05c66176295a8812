"""A grid of hundreds of runs is drawn in part, and the page says so; small ones are whole."""

from pathlib import Path

import pandas as pd
import pytest
from experiment_files import example, planned

from wganbench.gather.labels import architecture
from wganbench.gather.load import Results
from wganbench.report.site.sections import section
from wganbench.report.style.csv_links import COMPRESSED_FROM, csv_of
from wganbench.report.style.drawable import ALIKE, MOST, drawable


def results_of(folder: Path, widths: int) -> Results:
    """Return results without any measurement, of 3 methods with some widths each."""
    grid = [{"method": ["gan", "wgan", "wgan-gp"], "batch_size": list(range(8, 8 + widths))}]
    runs = {run.id: run for run in planned(folder, example(grid=grid))}
    facts = pd.DataFrame(
        [
            {"run": name, "experiment": "example", "label": name,
             "data_id": run.configuration.data.id, "architecture": architecture(run)}
            for name, run in runs.items()
        ]
    )  # fmt: skip
    return Results(folder, folder, runs, {}, facts, {}, pd.DataFrame({"run": []}))


def test_a_paper_sized_grid_is_drawn_whole(tmp_path):
    part = results_of(tmp_path, MOST // 3)
    assert drawable(part) is part


def test_of_a_large_grid_the_first_runs_of_each_method_are_drawn(tmp_path):
    part = results_of(tmp_path, MOST)
    shown = drawable(part).runs.values()
    assert [(run.configuration.method, run.point["batch_size"]) for run in shown] == [
        (method, 8 + k) for method in ("gan", "wgan", "wgan-gp") for k in range(ALIKE)
    ]


@pytest.mark.parametrize(("widths", "said"), [(MOST // 3, 0), (MOST, 1)])
def test_the_section_says_what_it_leaves_out(tmp_path, widths, said):
    part = results_of(tmp_path, widths)

    class Drawn:
        behind = tuple(drawable(part).runs)

    remarks = section("name", "Title", part, [Drawn()]).remarks
    assert len(remarks) == said
    assert all(f"{3 * ALIKE} of {3 * MOST} runs are drawn" in remark for remark in remarks)


def test_long_data_are_compressed_and_the_same_each_time():
    long = pd.DataFrame({"x": range(COMPRESSED_FROM // 4)})
    assert csv_of(long, "a").file == "a.csv.gz"
    assert csv_of(long, "a") == csv_of(long, "a")
    assert len(csv_of(long, "a").href) < COMPRESSED_FROM
    short = csv_of(pd.DataFrame({"a <b>": ['"x" & y', "#%"]}), "a")
    assert short.file == "a.csv"
    assert not set('<>"# &') & set(short.href)
