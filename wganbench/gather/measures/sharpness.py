"""How sharp images are: the variance of their Laplacian, beside that of real images."""

import numpy as np
from jaxtyping import Float, Shaped

from wganbench.gather.load import Results
from wganbench.gather.measures import Evaluated, Measure
from wganbench.gather.selection import VAE
from wganbench.grey_levels import floats_of


def laplacian_variance(
    images: Shaped[np.ndarray, "n channel height width"],
) -> Float[np.ndarray, " n"]:
    """Return each image's variance of the Laplacian of its grey levels in [-1, 1].

    A pixel's four neighbours less four times itself, where all four lie in the image: "LAPV", by
    which Pech-Pacheco et al. 2000 (ICPR, section 3.1) bring a microscope into focus.
    """
    grey = floats_of(images).mean(1)
    rows = grey[:, :-2, 1:-1] + grey[:, 2:, 1:-1]
    columns = grey[:, 1:-1, :-2] + grey[:, 1:-1, 2:]
    laplacian = rows + columns - 4 * grey[:, 1:-1, 1:-1]
    variances: np.ndarray = laplacian.reshape(len(images), -1).var(1)
    return variances


def by_evaluation(results: Results, run: str) -> Evaluated:
    """Return the generated images' mean variance over that of the held-out real ones."""
    samples = results.samples(run)
    real = laplacian_variance(samples.real).mean()
    return {
        point: float(laplacian_variance(samples.generated[place]).mean() / real)
        for point, place in results.evaluated(run, samples)
    }


MEASURE = Measure(
    about="mean variance of the Laplacian of generated images over that of held-out real ones: "
    "below 1 they are blurred, above 1 they are rough",
    where={"data.kind": "images"},
    by_evaluation=by_evaluation,
    beside=VAE,
)
