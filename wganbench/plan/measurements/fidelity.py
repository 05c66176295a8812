"""Mode coverage of mixtures; FID and kin of images."""

from wganbench.plan.step import Measurement, at_scales, in_run, space_files

ROW = Measurement(
    name="fidelity",
    about="Measure how good a trained run's samples are.",
    modules=("wganbench.fidelity.measure",),
    reader="wganbench.records.fidelity:read_fidelity",
    reads=lambda run: [*space_files(run), *in_run("samples.npz")(run)],
    applies=lambda run: run.configuration.data.modes() is not None or bool(space_files(run)),
    # Names the images' feature space where that is not the usual one.
    variant=lambda run: run.extractor if space_files(run) and run.extractor != "classifier" else "",
    memory=at_scales(4000, 4000, 8000, 16000),
    minutes=at_scales(10, 30, 120, 900),
)
