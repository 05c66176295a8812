"""Quality of images that have no feature space of their own."""

from wganbench.plan.step import Measurement, at_scales, data_files, in_run, space_files

ROW = Measurement(
    name="unlabelled",
    about="Measure a trained run's images where they have no labels: patches, and KID of random "
    "features.",
    modules=("wganbench.fidelity.unlabelled",),
    reader="wganbench.records.unlabelled:read_unlabelled",
    reads=lambda run: [*data_files(run), *in_run("samples.npz")(run)],
    applies=lambda run: run.configuration.data.kind == "images" and not space_files(run),
    memory=at_scales(2000, 3000, 8000, 8000),
    minutes=at_scales(10, 30, 240, 900),
)
