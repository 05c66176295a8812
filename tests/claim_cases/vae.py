"""Claims about the variational auto-encoder."""

from claim_evidence import QUARTERS, Levels, Made

from claim_cases.builds import Cases, images
from wganbench.claims.judging.evidence import Evidence

ENCODED = {"algorithm": "vae", "encoder__name": "dcgan", "encoder__width": 4}


def trained(made: Made, measure: str, levels: Levels, **settings: object) -> None:
    """Add a run on images that has learned the classes, with its values of a measure."""
    run = made.run(**images("gan", **settings))
    made.end(run, fid=3.0)
    for seed, level in enumerate(levels):
        for iteration in QUARTERS:
            made.measure_at(measure, run, seed, iteration, level)


def recalls(levels: Levels) -> Evidence:
    """Levels are the VAE's recall; the GAN's is a half."""
    made = Made()
    trained(made, "recall", levels, **ENCODED)
    trained(made, "recall", [0.5] * len(levels))
    return made.evidence


def sharpness(levels: Levels) -> Evidence:
    made = Made()
    trained(made, "sharpness", levels, **ENCODED)
    return made.evidence


CASES: Cases = {
    "vae_covers": (0.8, 0.2, recalls),
    "vae_blurred": (0.4, 1.2, sharpness),
}
