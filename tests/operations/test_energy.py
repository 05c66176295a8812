"""What a GPU draws is in a run's record where the GPU tells, and nowhere else."""

from types import SimpleNamespace

import pynvml
import pytest
import torch
from experiment_files import EXAMPLE, planned
from runs_in_the_making import SMALL

from wganbench.data.store import write_data
from wganbench.operations import training
from wganbench.operations.energy import drawn_since, joules
from wganbench.operations.training import train_measured
from wganbench.records.run import RunRecord, read_record, write_record
from wganbench.training import train


@pytest.fixture
def trained(tmp_path, monkeypatch):
    """Train a small run on a device whose counter stands at these values, one after another."""
    monkeypatch.chdir(tmp_path)
    base = {**EXAMPLE["base"], **SMALL, "iterations": 4, "evaluations": 2}
    (run,) = planned(tmp_path, {**EXAMPLE, "base": base, "grid": [{"method": "wgan"}]})
    write_data(run.configuration.data)

    def train(*counter: float | None) -> RunRecord:
        values = iter(counter)
        monkeypatch.setattr("wganbench.operations.energy.joules", lambda device: next(values))
        monkeypatch.setattr(training, "joules", lambda device: next(values))
        record = train_measured(run, tmp_path / run.id, every=60, keep_state=False)
        assert read_record(tmp_path / run.id / "run.json") == record
        return record

    return train


def test_a_record_has_what_the_gpu_drew_meanwhile(trained):
    timings = trained(1000.0, 1250.0).timings
    assert timings.energy_joules == 250
    assert timings.watts * timings.total == pytest.approx(250)


def test_a_device_that_does_not_tell_leaves_no_number(trained):
    assert trained(None, None).timings.energy_joules is None


def test_a_run_that_went_on_from_a_checkpoint_tells_no_part_for_the_whole(trained, monkeypatch):
    train_run = train.train_run

    def resumed(run, folder, *args, **kwargs):
        record = train_run(run, folder, *args, **kwargs)
        timings = record.timings.model_copy(update={"resumed_at": [2]})
        record = record.model_copy(update={"timings": timings})
        write_record(record, folder / "run.json")
        return record

    monkeypatch.setattr(train, "train_run", resumed)
    assert trained(1000.0, 1250.0).timings.energy_joules is None


@pytest.mark.skipif(torch.cuda.is_available(), reason="has a GPU")
def test_without_nvidias_driver_there_is_no_counter(monkeypatch):
    assert joules("cpu") is joules("cuda") is None
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "current_device", lambda: 0)
    monkeypatch.setattr(
        torch.cuda, "get_device_properties", lambda device: SimpleNamespace(uuid="0")
    )
    with pytest.raises(pynvml.NVMLError):
        pynvml.nvmlInit()
    assert joules("cuda") is None


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a GPU")
def test_a_gpu_at_work_draws_more_than_nothing():
    before = joules("cuda")
    square = torch.ones(4096, 4096, device="cuda")
    for _ in range(200):
        square = square @ square * 1e-4
    torch.cuda.synchronize()
    assert drawn_since(before, "cuda") > 1
