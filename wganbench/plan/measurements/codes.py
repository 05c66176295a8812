"""What the codes of a trained InfoGAN are to a classifier of the digits."""

from wganbench.plan.step import Measurement, at_scales, has_classifier, in_run, space_files

ROW = Measurement(
    name="codes",
    about="Measure what the codes of a trained InfoGAN are to a classifier.",
    modules=("wganbench.fidelity.codes",),
    reader="wganbench.records.codes:read_codes",
    reads=lambda run: [
        *space_files(run),
        *in_run("samples.npz", "networks.safetensors")(run),
    ],
    # The algorithm's code decides which samples have which code.
    settings=lambda run: run.configuration.algorithm,
    applies=lambda run: run.configuration.algorithm.name == "infogan" and has_classifier(run),
    memory=at_scales(2000, 2000, 4000, 8000),
    minutes=at_scales(10, 10, 60, 120),
)
