"""The summary says what the runs' files say."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
from configurations import TOY, configuration
from scipy.stats import spearmanr

from wganbench.data.store import write_data
from wganbench.errors import UserError
from wganbench.fidelity.measure import measure as measure_fidelity
from wganbench.plan.runs import Run
from wganbench.records.curves import SCHEMA as CURVES
from wganbench.records.run import digest_of, read_record, write_record
from wganbench.records.samples import read_samples, write_samples
from wganbench.records.summary import FILE, SCHEMA, read_summary
from wganbench.records.tables import write_table
from wganbench.report.tables.summary import write_summary
from wganbench.training.train import train_run
from wganbench.transport.measure import measure as measure_transport

SEEDS = (0, 3)


@pytest.fixture
def run() -> Run:
    return Run(
        experiment="tiny",
        scale="smoke",
        seeds=SEEDS,
        point={"method": "wgan-gp"},
        configuration=configuration("wgan-gp", TOY, iterations=8, evaluations=4),
    )


@pytest.fixture
def results(run, tmp_path) -> Path:
    """The folder of a trained and measured run's results."""
    write_data(run.configuration.data, tmp_path / "data")
    folder = tmp_path / "results" / run.id
    train_run(run, folder, data=tmp_path / "data")
    measure_transport(run, folder, tmp_path / "data")
    measure_fidelity(run, folder)
    return tmp_path / "results"


def changed_curves(path: Path, change) -> None:
    """Apply a function to each row of a curves file."""
    rows = pq.read_table(path).to_pylist()
    write_table([row | change(row) for row in rows], CURVES, path)


def test_each_seed_has_a_row_with_the_last_values_of_its_files(run, results):
    write_summary([run], results, results)
    table = read_summary(results)
    assert table["seed"].tolist() == list(SEEDS)
    curves, transport, fidelity = (
        pq.read_table(results / run.id / f"{name}.parquet").to_pandas()
        for name in ("curves", "transport", "fidelity")
    )
    for row in table.itertuples():
        of_seed = [
            t[(t["seed"] == row.seed) & (t["iteration"] == 8)].iloc[0]
            for t in (curves, transport, fidelity)
        ]
        assert row.w1 == of_seed[1]["w1"]
        assert row.floor == of_seed[1]["floor"]
        assert row.modes_loose == of_seed[2]["modes_loose"]
        assert row.share_strict == of_seed[2]["share_strict"]
        estimate = float(of_seed[0]["estimate_heldout"])
        assert row.estimate_heldout == estimate
        assert row.normalised == of_seed[1]["normalised"]
        quotient = estimate / float(of_seed[0]["gradient_norm_max"])
        assert row.normalised == pytest.approx(quotient, rel=1e-5)


def test_rank_correlations_are_scipys_over_the_evaluation_points(run, results):
    write_summary([run], results, results)
    curves = pq.read_table(results / run.id / "curves.parquet").to_pandas()
    transport = pq.read_table(results / run.id / "transport.parquet").to_pandas()
    both = transport.merge(curves, on=["seed", "iteration"])
    assert len(both) == 4 * len(SEEDS)
    for row in read_summary(results).itertuples():
        course = both[both["seed"] == row.seed]
        raw = course["estimate_heldout"]
        scaled = raw / course["gradient_norm_max"]
        assert row.rank_correlation == pytest.approx(spearmanr(raw, course["w1"]).statistic)
        assert row.rank_correlation_normalised == pytest.approx(
            spearmanr(scaled, course["w1"]).statistic
        )


def test_a_flat_critic_has_no_normalised_estimate_and_no_rank_correlation(run, results, tmp_path):
    path = results / run.id / "samples.npz"
    samples = read_samples(path)
    values = {name: 0 * getattr(samples, name) for name in ("critic_real", "critic_generated")}
    write_samples(replace(samples, **values), path)
    flat = {"estimate_heldout": 0.0, "gradient_norm_max": 0.0}
    changed_curves(
        results / run.id / "curves.parquet",
        lambda row: flat if row["estimate_heldout"] is not None else {},
    )
    measure_transport(run, results / run.id, tmp_path / "data")
    write_summary([run], results, results)
    rows = pq.read_table(results / FILE).to_pylist()
    assert [row["estimate_heldout"] for row in rows] == [0, 0]
    for name in ("normalised", "rank_correlation", "rank_correlation_normalised"):
        assert [row[name] for row in rows] == [None, None]


def test_a_diverged_seed_has_its_iteration_and_no_final_values(run, results):
    path = results / run.id / "run.json"
    record = read_record(path)
    lost = record.seeds[1].model_copy(update={"status": "diverged", "diverged_at": 5})
    write_record(record.model_copy(update={"seeds": [record.seeds[0], lost]}), path)
    write_summary([run], results, results)
    ok, diverged = pq.read_table(results / FILE).to_pylist()
    assert (ok["status"], ok["diverged_at"]) == ("ok", None)
    assert np.isfinite(ok["w1"])
    assert (diverged["status"], diverged["diverged_at"]) == ("diverged", 5)
    assert diverged["w1"] is diverged["estimate_heldout"] is diverged["rank_correlation"] is None


def test_every_column_says_what_it_holds():
    assert all(SCHEMA.field(name).metadata[b"about"] for name in SCHEMA.names)


@pytest.mark.parametrize("name", ["run.json", "curves.parquet", "transport.parquet"])
def test_a_missing_file_is_named_and_nothing_is_written(run, results, name):
    (results / run.id / name).unlink()
    with pytest.raises(UserError, match=rf"{run.name}/{name}: is missing"):
        write_summary([run], results, results)
    assert not (results / FILE).exists()


def test_a_damaged_file_is_named(run, results):
    (results / run.id / "fidelity.parquet").write_bytes(b"PAR1")
    with pytest.raises(UserError, match=r"fidelity\.parquet: is damaged"):
        write_summary([run], results, results)


def test_the_record_of_another_run_is_refused(run, results):
    path = results / run.id / "run.json"
    record = read_record(path)
    other = record.configuration | {"n_critic": 7}
    digest = digest_of(other, run.seeds)
    write_record(record.model_copy(update={"configuration": other, "digest": digest}), path)
    with pytest.raises(UserError, match="another run"):
        write_summary([run], results, results)


@pytest.mark.parametrize("change", [{"seeds": []}, {"digest": "0" * 64}, {"configuration": {}}])
def test_a_record_whose_digest_is_not_its_own_is_refused(run, results, change):
    path = results / run.id / "run.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | change))
    with pytest.raises(UserError, match=r"run\.json: digest: is not that of the configuration"):
        read_record(path)
