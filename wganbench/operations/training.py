"""A run's training as a step of the grid, with what its record has from outside of it."""

import gc
from pathlib import Path

from wganbench.operations.energy import drawn_since, joules
from wganbench.plan.runs import Run
from wganbench.records.layout import RECORD
from wganbench.records.run import RunRecord, write_record


def train_measured(run: Run, folder: Path, *, every: float, keep_state: bool) -> RunRecord:
    """Train a run and record what its GPU drew, where it tells and no process before had a part.

    Raises:
        UserError: as by `train_run`.
    """
    import torch

    from wganbench.training.train import train_run

    gc.collect()  # of a run that this process trained before
    if run.device == "cuda" and torch.cuda.is_available():
        torch.cuda.empty_cache()
        torch.cuda.reset_peak_memory_stats()
    before = joules(run.device)
    record = train_run(run, folder, run.device, every=every, keep_state=keep_state)
    energy = drawn_since(before, run.device)
    if energy is not None and not record.timings.resumed_at:
        timings = record.timings.model_copy(update={"energy_joules": energy})
        record = record.model_copy(update={"timings": timings})
        write_record(record, folder / RECORD)
    return record
