"""The table and the walks of saved networks: numbers of the files, and chance beside them."""

import numpy as np
import pytest
from configurations import IMAGES, configuration
from trained_runs import trained

from wganbench.gather.load import Results
from wganbench.gather.saved_nets import applies, known
from wganbench.plan.runs import Run
from wganbench.report.figures.saved_nets import COLUMNS, saved_net_blocks

SMALL = {"batch_size": 16, "samples": 60, "iterations": 4}


def run(method: str, seeds: tuple[int, ...], **changes: object) -> Run:
    return Run(
        experiment="e", scale="smoke", seeds=seeds, point={"method": method},
        configuration=configuration(method, IMAGES, **(SMALL | changes)),
    )  # fmt: skip


@pytest.fixture(scope="module")
def results(tmp_path_factory) -> Results:
    folder = tmp_path_factory.mktemp("saved nets")
    runs = [
        run("gan", (0, 1)),
        run("wgan", (1,), constraint__name="spectral-norm", critic__norm="none"),
        run("gan", (0,), algorithm="infogan", recogniser_width=8, critic__name="mlp"),
    ]
    return trained(runs, folder / "results", folder / "data")


def test_the_nets_of_a_critic_and_a_generator_in_turns_are_asked(results):
    assert [applies(results, run) for run in results.runs] == [True, True, False]


def test_numbers_are_shares_and_of_each_seed(results):
    for run in list(results.runs)[:2]:
        found = known(results, run)
        assert list(found) == list(results.runs[run].seeds)
        for one in found.values():
            assert 0.5 < one.probe_pixels < 1
            assert 0.1 < one.probe <= 1
            assert 0.1 < one.probe_untrained <= 1
            assert np.isnan(one.moved) or 0 <= one.moved <= 1


def test_a_critic_that_was_trained_has_other_features_than_before(results):
    one = next(iter(known(results, next(iter(results.runs))).values()))
    assert one.probe != one.probe_untrained


def test_the_table_has_every_number_and_the_sheet_every_run(results):
    table, sheets = saved_net_blocks(results, "saved")
    assert len(table.rows) == 2
    assert set(COLUMNS.values()) < set(table.columns)
    shown = [sheet for _, row in sheets.rows for sheet in row if sheet]
    assert len(shown) == 2
    assert all(sheet.image.startswith("data:image/png;base64,") for sheet in shown)


def test_without_such_runs_there_is_nothing(results):
    last = list(results.runs)[-1]
    assert list(saved_net_blocks(results.select([last]), "saved")) == []
