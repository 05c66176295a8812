"""Claims on images."""

from math import log
from typing import Any

import numpy as np
from claim_evidence import APART, HALF_OF_CLASSES, ITERATIONS, Levels, Made

from claim_cases.builds import (
    DCGAN,
    FLOOR,
    MLP,
    STEPS,
    Build,
    Cases,
    against_rival,
    compared,
    images,
    ranked,
)
from wganbench.claims.judging.evidence import Evidence
from wganbench.claims.judging.outcomes import FEWEST

BOTH_MLPS = {**MLP, "critic__name": "mlp", "critic__width": 16}


def label_entropy(levels: Levels) -> Evidence:
    made = Made()
    made.end(made.run(**images("wgan", **MLP)), fid=3.0, label_entropy=[1.0 + v for v in levels])
    made.end(made.run(**images("gan", **MLP)), fid=3.0, label_entropy=1.0)
    return made.evidence


def constant_loss(levels: Levels) -> Evidence:
    made = Made()
    for variant, rate in (("", 1e-3), ("high-lr", 1e-1)):
        run = made.run(
            **images("wgan", **BOTH_MLPS, variant=variant, optimizer__lr=rate, iterations=400)
        )
        for seed, level in enumerate(levels):
            drift = level if rate > 1e-2 else 0.5
            estimate = 1 + 2 * drift * np.linspace(0, 1, 400)
            made.history(run, seed, "curves", estimate=estimate)
    return made.evidence


def times_to_best(levels: Levels) -> Evidence:
    """Levels are the iterations of WGAN-GP over those of clipping, which stands still from half on.

    WGAN-GP's history is that of clipping, stretched.
    """
    made = Made()
    half = ITERATIONS / 2
    at = np.arange(1, STEPS + 1) * APART
    for method in ("wgan", "wgan-gp"):
        run = made.run(**images(method))
        for seed, level in enumerate(levels):
            share = np.minimum(at / (level if method == "wgan-gp" else 1) / half, 1)
            fid = HALF_OF_CLASSES * 10 ** (1 - 2 * share)
            made.history(run, seed, fid=fid, fid_floor=[0.5] * STEPS)
    return made.evidence


def gradient_norms(levels: Levels) -> Evidence:
    made = Made()
    made.end(
        made.run(**images("wgan-gp")), fid=5.0, gradient_norm_interpolates=[1 + v for v in levels]
    )
    return made.evidence


def architectures(ours: bool) -> Build:
    """Return a build in which levels are FIDs over the reference in one of four architectures.

    They are WGAN-GP's, or all other methods' where one method has to train it.
    """

    def build(levels: Levels) -> Evidence:
        made = Made()
        for width in (4, 5, 6, 7):
            for method in ("gan", "lsgan", "wgan", "wgan-gp"):
                run = made.run(**images(method, generator__width=width, critic__norm="none"))
                drawn = width == 4 and (method == "wgan-gp") == ours
                of_method = levels if drawn else [0.5] * len(levels)
                made.end(run, fid=[HALF_OF_CLASSES * v for v in of_method], fid_floor=2.0)
        return made.evidence

    return build


def random_architectures(levels: Levels) -> Evidence:
    """Levels are the GAN's FIDs over the reference, twice their inverses WGAN-GP's."""
    made = Made()
    both = [0.5] * (FEWEST - len(levels))  # as many more architectures as it takes
    for width, level in enumerate([*levels, *both], start=4):
        for method in ("gan", "wgan-gp"):
            run = made.run(**images(method, generator__width=width, critic__norm="none"))
            over = level if method == "gan" or width >= 4 + len(levels) else 2 / level
            made.end(run, fid=HALF_OF_CLASSES * over, fid_floor=2.0)
    return made.evidence


def baseline(levels: Levels) -> Evidence:
    """Levels are the FIDs of the GAN over the reference."""
    made = Made()
    batch = {"generator__norm": "batch", "critic__norm": "batch"}
    gan, wgan = (made.run(**images(method, **batch)) for method in ("gan", "wgan"))
    made.end(gan, fid=[HALF_OF_CLASSES * v for v in levels], fid_floor=2.0)
    made.end(wgan, fid=4.0, fid_floor=2.0)
    return made.evidence


def overfitting(levels: Levels) -> Evidence:
    made = Made()
    run = made.run(**images("wgan-gp", train_samples=10))
    made.end(run, fid=5.0, estimate_train=2.0, estimate_heldout=[2.0 * (1 - v) for v in levels])
    return made.evidence


ADAM: dict[str, Any] = {"optimizer__name": "adam", "optimizer__lr": 1e-3}


RMSPROP: dict[str, Any] = {"optimizer__name": "rmsprop", "optimizer__lr": 1e-3}


CASES: Cases = {
    "estimate_tracks_images": (1, -1, ranked("estimate_heldout", "fid", **images("wgan"))),
    "js_blind_to_images": (-1, 1, against_rival("fid", "images")),
    "penalty_loss_images": (1, -1, ranked("estimate_heldout", "fid", **images("wgan-gp"))),
    "baseline_works": (0.5, 3, baseline),
    "no_batch_norm": (
        20, 1, compared("fid", images("gan", **DCGAN), images("wgan", **DCGAN), **FLOOR),
    ),
    "mlp_generator": (
        20, 1, compared("fid", images("gan", **MLP), images("wgan", **MLP), **FLOOR),
    ),
    "mlp_generator_collapse": (2 * log(2), 0, label_entropy),
    "high_lr_bad_samples": (
        4,
        1,
        compared(
            "fid",
            images("wgan", **BOTH_MLPS, variant="high-lr", optimizer__lr=0.1),
            images("wgan", **BOTH_MLPS),
        ),
    ),
    "high_lr_constant_loss": (0.01, 0.5, constant_loss),
    "momentum_unstable": (
        4,
        1,
        compared(
            "fid",
            images("wgan", **ADAM, optimizer__beta1=0.9, variant="adam-0.9"),
            images("wgan", **RMSPROP, variant="rmsprop"),
            **FLOOR,
        ),
    ),
    "penalty_gradient_norm": (-0.1, 0.5, gradient_norms),
    "penalty_every_architecture": (0.5, 4, architectures(ours=True)),
    "others_fail": (4, 0.5, architectures(ours=False)),
    "random_architectures": (4, 0.5, random_architectures),
    "critic_overfits": (0.5, 0.01, overfitting),
    "penalty_beats_clipping": (
        3, 1 / 3, compared("fid", images("wgan"), images("wgan-gp"), **FLOOR),
    ),
    "penalty_faster": (0.5, 2, times_to_best),
    "critic_steps_help": (
        2,
        0.5,
        compared("fid", images("wgan-gp", n_critic=1), images("wgan-gp", n_critic=5), **FLOOR),
    ),
}  # fmt: skip
