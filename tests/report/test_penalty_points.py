"""The figure of where a penalty looks: only of its experiment, each kind of points in its row."""

import pandas as pd
import pytest
from configurations import PAIR, configuration

from wganbench.data.store import write_data
from wganbench.gather.load import Results, load_results
from wganbench.gather.study import comparing, ends
from wganbench.plan.runs import Run
from wganbench.report.figures.penalty_points import penalty_points_figures
from wganbench.training.train import train_run
from wganbench.transport.measure import measure as measure_transport

LAW = PAIR | {"data.name": "noisy-law", "data.law": "8gaussians", "samples": 60}
PENALTIES = [
    ("wgan-gp", {}),
    ("wgan-lp", {}),
    ("wgan-gp", {"constraint__name": "coupled-penalty", "constraint__sides": "two"}),
    ("wgan-lp", {"constraint__name": "coupled-penalty", "constraint__sides": "one"}),
]


@pytest.fixture(scope="module")
def results(tmp_path_factory) -> Results:
    folder = tmp_path_factory.mktemp("points")
    runs = [
        Run(experiment=experiment, scale="smoke", seeds=(0, 1),
            point={"method": method} | {k.replace("__", "."): v for k, v in also.items()},
            configuration=configuration(method, LAW, **also))
        for experiment, penalties in (("penalty-points", PENALTIES), ("estimators", PENALTIES[:2]))
        for method, also in penalties
    ]  # fmt: skip
    write_data(runs[0].configuration.data, folder / "data")
    for run in runs:
        train_run(run, folder / run.id, data=folder / "data")
        measure_transport(run, folder / run.id, folder / "data")
    return load_results(runs, folder)


def test_each_run_of_the_experiment_stands_where_its_penalty_looks(results):
    (figure,) = penalty_points_figures(results, "points")
    shown = figure.data.groupby(["points", "sides"]).size()
    assert shown.to_dict() == {
        (points, sides): 2
        for points in ("coupled-penalty", "interpolates")
        for sides in ("one", "two")
    }
    assert {run.partition("/")[0] for run in figure.behind} == {"penalty-points"}
    estimates, truth = figure.data["estimate_heldout"], figure.data["w1"]
    pd.testing.assert_series_equal(figure.data["raw"], estimates / truth, check_names=False)
    assert "floor" in dict(figure.findings[1].values)


def test_the_experiment_is_no_comparison_of_methods_and_others_have_no_such_figure(results):
    assert set(comparing(ends(results))["experiment"]) == {"estimators"}
    assert not list(penalty_points_figures(results.among(["estimators"]), "points"))
