"""Exact transport of laws and pairs, beside the critic's estimates."""

from wganbench.plan.step import Measurement, at_scales, data_files, in_run

ROW = Measurement(
    name="transport",
    about="Measure the exact W1 of a trained run's samples, and its floor.",
    modules=("wganbench.transport.measure",),
    reader="wganbench.records.transport:read_transport",
    reads=lambda run: [*data_files(run), *in_run("samples.npz")(run)],
    applies=lambda run: run.configuration.data.kind != "images",
    # Exact W1 takes 41 bytes a cell, and one more matrix for transforms.
    memory=lambda configuration: 1000 + int(60 * configuration.samples**2 // 2**20),
    minutes=at_scales(60, 60, 60, 60),
)
