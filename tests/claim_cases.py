"""For each claim: evidence in which every seed has a level, one that holds and one that fails.

`CASES[name]` is (holds, fails, build). Seeds that all hold support the claim, seeds that all fail
contradict it, and seeds that take turns are noise. A claim without a case here fails its tests.
"""

from collections.abc import Callable
from math import log
from typing import Any

import numpy as np
from claim_evidence import APART, HALF_OF_CLASSES, ITERATIONS, Levels, Made

from wganbench.claims.judging.evidence import Evidence
from wganbench.claims.judging.fits import MEASURED, best
from wganbench.claims.judging.outcomes import FEWEST
from wganbench.objectives.f_gan import FGAN

Build = Callable[[Levels], Evidence]
STEPS = 20  # evaluations along training
DCGAN: dict[str, Any] = {"generator__norm": "none", "generator__constant_filters": True}
MLP: dict[str, Any] = {"generator__name": "mlp", "generator__width": 16}


def compared(column: str, left: dict[str, Any], right: dict[str, Any], **also: float) -> Build:
    """Return a build in which the left run's column is a level times the right one's."""

    def build(levels: Levels) -> Evidence:
        made = Made()
        for settings, values in ((left, [3.0 * v for v in levels]), (right, 3.0)):
            made.end(made.run(**settings), **{column: values}, **also)
        return made.evidence

    return build


def images(method: str, **changes: Any) -> dict[str, Any]:
    """Return a run on images; an MLP for a net has none of a DCGAN's settings."""
    return {"method": method, "base": "images", **changes}


def measured(name: str, **settings: Any) -> Build:
    """Return a build in which each seed of one run has its level as a measure's value."""

    def build(levels: Levels) -> Evidence:
        made = Made()
        made.measure(name, made.run(base="pair", **settings), levels)
        return made.evidence

    return build


def slopes(levels: Levels) -> Evidence:
    """Levels are the critic's slope over the discriminator's."""
    made = Made()
    made.measure("slope_left", made.run("wgan", "pair"), [0.001 * v for v in levels])
    gan = made.run("gan", "pair", objective__name="minimax")
    made.measure("slope_left", gan, [0.001] * len(levels))
    return made.evidence


def against_rival(quality: str, base: str, **settings: Any) -> Build:
    """Return a build in which levels are the rival's correlation, and the critic's is 1."""

    def build(levels: Levels) -> Evidence:
        made = Made()
        falling = [1.0 / (k + 1) for k in range(STEPS)]
        for method, column in (("wgan", "estimate_heldout"), ("gan", "divergence_heldout")):
            run = made.run(method, base, **settings)
            for seed, level in enumerate(levels):
                size = level if method == "gan" else 1.0
                values = {quality: falling, "floor": [0.5] * STEPS}
                made.history(run, seed, **{column: [size * v for v in falling]}, **values)
        return made.evidence

    return build


def ranked(estimate: str, quality: str, **settings: Any) -> Build:
    """Return a build in which 1 and -1 are perfect correlations along training."""

    def build(levels: Levels) -> Evidence:
        made = Made()
        run = made.run(**settings)
        falling = [1.0 / (k + 1) for k in range(STEPS)]
        for seed, level in enumerate(levels):
            values = [level * v for v in falling]
            made.history(run, seed, **{estimate: values, quality: falling, "floor": [0.5] * STEPS})
        return made.evidence

    return build


def lines(method: str, column: str, truth: Callable[[float], float], scale: float) -> Build:
    """Return a build in which levels are errors on parallel lines, relative to a scale."""

    def build(levels: Levels) -> Evidence:
        made = Made()
        for theta in (-1.0, 0.0, 0.5, 1.0):
            run = made.run(method, "pair", data__name="parallel-lines", data__theta=theta)
            made.end(run, **{column: [truth(theta) + scale * v for v in levels]}, floor=0.01)
        return made.evidence

    return build


def coupled(levels: Levels) -> Evidence:
    """Levels are distances from slope 1 on a pair that counts; another one is unresolved."""
    made = Made()
    for law, floor in (("8gaussians", 0.1), ("swissroll", 0.9)):
        run = made.run("wgan-gp", "pair", data__name="noisy-law", data__law=law)
        errors = levels if floor < 0.5 else [1.0] * len(levels)
        made.end(run, coupled_slope_error=errors, w1=1.0, floor=floor, independent_cost=3.0)
    return made.evidence


def ordered(levels: Levels) -> Evidence:
    """Levels are what W1's estimates are multiplied by, beside a JS of log 2 or, at 0, none."""
    made = Made()
    for theta in (-0.5, 0.0, 0.1, 1.0):
        data = {"data__name": "parallel-lines", "data__theta": theta}
        critic, rival = (made.run(method, "pair", **data) for method in ("wgan-gp", "gan"))
        w1 = abs(theta) + 0.01
        estimates = [w1 * v for v in levels]
        made.end(critic, estimate_heldout=estimates, w1=w1, farthest=np.hypot(1, theta))
        made.end(rival, divergence_heldout=log(2) * (theta != 0), w1=w1)
    return made.evidence


def label_entropy(levels: Levels) -> Evidence:
    made = Made()
    made.end(made.run(**images("wgan", **MLP)), fid=3.0, label_entropy=[1.0 + v for v in levels])
    made.end(made.run(**images("gan", **MLP)), fid=3.0, label_entropy=1.0)
    return made.evidence


def modes(levels: Levels) -> Evidence:
    made = Made()
    for law, count in (("8gaussians", 8), ("25gaussians", 25)):
        run = made.run("wgan", data__name=law)
        made.end(run, w1=1.0, modes=count, modes_loose=[count * v for v in levels])
    return made.evidence


BOTH_MLPS = {**MLP, "critic__name": "mlp", "critic__width": 16}


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


def times_to_limit(levels: Levels) -> Evidence:
    """Levels are the iterations of the large clip value over those of the paper's."""
    made = Made()
    for clip in (0.01, 1.0):
        run = made.run("wgan", "pair", constraint__clip_value=clip, iterations=1000)
        for seed, level in enumerate(levels):
            reached = 50 * (level if clip > 0.01 else 1)
            for k in range(0, 1001, 10):
                made.measure_at("weights_at_ends", run, seed, k, 0.9 if k >= reached else 0.1)
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


def lipschitz_factor(levels: Levels) -> Evidence:
    made = Made()
    run = made.run("wgan")
    w1 = np.linspace(2, 1, STEPS)
    swing = (-1.0) ** np.arange(STEPS)
    for seed, level in enumerate(levels):
        estimate = (w1 - 0.1) * (1 + level * swing)
        made.history(run, seed, w1=w1, estimate_heldout=estimate, floor=[0.1] * STEPS)
    return made.evidence


def potentials(levels: Levels) -> Evidence:
    made = Made()
    law = {"base": "pair", "data__name": "noisy-law", "data__law": "swissroll"}
    made.measure("potential_explained", made.run("wgan", **law), [1 - 0.1 * v for v in levels])
    gp = made.run("wgan-gp", constraint__penalty_weight=0.1, **law)
    made.measure("potential_explained", gp, [0.9] * len(levels))
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


def batch_norm_penalised(levels: Levels) -> Evidence:
    made = Made()
    for norm, values in (("batch", levels), ("none", [1.0] * len(levels))):
        run = made.run("wgan-gp", "pair", critic__norm=norm)
        made.end(run, estimate_heldout=[6 * (1 + 0.05 * v) for v in values], w1=6.0, floor=0.1)
    return made.evidence


def sides(levels: Levels) -> Evidence:
    made = Made()
    for method, values in (("wgan-gp", levels), ("wgan-lp", [1.0] * len(levels))):
        run = made.run(method, "pair")
        estimates = [6 * (1 + 0.05 * v) for v in values]
        made.end(run, estimate_heldout=estimates, w1=6.0, w1_true=6.0, floor=0.1)
    return made.evidence


def normalised(method: str) -> Build:
    def build(levels: Levels) -> Evidence:
        made = Made()
        for known in (6.0, float("nan")):
            data = {"data__name": "noisy-law", "data__law": "swissroll"} if known != known else {}
            run = made.run(method, "pair", **data)
            values = [6.0 * (1 - v) for v in levels]
            made.end(run, normalised=values, w1=6.0, w1_true=known, floor=0.1)
        return made.evidence

    return build


def methods_ranked(levels: Levels) -> Evidence:
    """1: the better estimator has the better generator; -1: the worse one."""
    made = Made()
    clips = [("wgan", {"constraint__clip_value": c}) for c in (0.01, 0.02, 0.05, 0.1)]
    penalties = [("wgan-gp", {"constraint__penalty_weight": w}) for w in (0.1, 10.0)]
    for k, (method, changes) in enumerate([*clips, *penalties]):
        pair = made.run(method, "pair", data__name="noisy-law", data__law="8gaussians", **changes)
        made.end(pair, normalised=1 - 0.1 * k, w1=1.0, w1_true=float("nan"), floor=0.1)
        run = made.run(method, **changes)
        made.end(run, w1=[1 + 0.1 * level * k for level in levels], floor=0.05)
    return made.evidence


def contest(levels: Levels) -> Evidence:
    """Levels are the lead of WGAN-GP in floors on the third law; it is ahead on the others."""
    made, floor = Made(), 0.1
    for law in ("8gaussians", "25gaussians", "swissroll"):
        ahead = [1.5] * len(levels) if law != "swissroll" else levels
        of_methods = {"gan": [2.0] * len(levels), "wgan": [3.0] * len(levels),
                      "wgan-gp": [2.0 - lead for lead in ahead]}  # fmt: skip
        for method, floors in of_methods.items():
            run = made.run(method, data__name=law)
            made.end(run, w1=[floor * x for x in floors], floor=floor)
    return made.evidence


def batch_norm_unclipped(levels: Levels) -> Evidence:
    made = Made()
    for clipped, values in ((False, [-0.2 * v for v in levels]), (True, 0.2)):
        run = made.run("wgan", "pair", critic__norm="batch", constraint__norm_parameters=clipped)
        made.end(run, estimate_heldout=values)
    return made.evidence


def fitted(what: str) -> Build:
    """Return a build in which levels are relative errors of one quantity of [fGAN] table 3."""

    def build(levels: Levels) -> Evidence:
        made = Made()
        for objective in OBJECTIVES:
            fit, run = best(objective), fgan_run(made, objective)
            right = {"mean": fit.mean, "sd": fit.sd, "learned": fit.divergence}
            for measure, name in MEASURED.items():
                factors = [1 - v if name == what else 1.0 for v in levels]
                made.measure(measure, run, [right[name] * factor for factor in factors])
        return made.evidence

    return build


def fitted_crosswise(levels: Levels) -> Evidence:
    """1: each model has its own divergence's best fit; -1: it has the other's."""
    made = Made()
    for own, other in (OBJECTIVES, OBJECTIVES[::-1]):
        run = fgan_run(made, own)
        laws = [best(own if level > 0 else other) for level in levels]
        made.measure("model_mean", run, [law.mean for law in laws])
        made.measure("model_sd", run, [law.sd for law in laws])
        made.measure("learned_divergence", run, [law.divergence for law in laws])
    return made.evidence


def fgan_run(made: Made, objective: FGAN) -> str:
    return made.run("gan", "line", objective__f_divergence=objective.f_divergence)


OBJECTIVES = (FGAN(f_divergence="kl"), FGAN(f_divergence="pearson"))
ADAM: dict[str, Any] = {"optimizer__name": "adam", "optimizer__lr": 1e-3}
RMSPROP: dict[str, Any] = {"optimizer__name": "rmsprop", "optimizer__lr": 1e-3}
FLOOR = {"fid_floor": 2.0}
DEEP: dict[str, Any] = {"data__name": "noisy-law", "data__law": "swissroll", "critic__depth": 12}
CASES: dict[str, tuple[float, float, Build]] = {
    "parallel_lines_distance": (0.02, 0.18, lines("wgan-gp", "estimate_heldout", abs, 1.0)),
    "parallel_lines_divergences": (
        -0.02,
        -0.18,
        lines("gan", "divergence_heldout", lambda t: log(2) * (t != 0), log(2)),
    ),
    "divergences_ordered": (1, 3, ordered),
    "critic_gradient_clean": (100, 1, slopes),
    "discriminator_saturates": (
        1e-6, 0.02, measured("slope_left", method="gan", objective__name="minimax"),
    ),
    "estimate_tracks_images": (1, -1, ranked("estimate_heldout", "fid", **images("wgan"))),
    "estimate_tracks_laws": (1, -1, ranked("estimate_heldout", "w1", method="wgan")),
    "js_blind_to_images": (-1, 1, against_rival("fid", "images")),
    "js_blind_to_laws": (-1, 1, against_rival("w1", "toy")),
    "penalty_loss_images": (1, -1, ranked("estimate_heldout", "fid", **images("wgan-gp"))),
    "penalty_loss_laws": (1, -1, ranked("estimate_heldout", "w1", method="wgan-gp")),
    "baseline_works": (0.5, 3, baseline),
    "no_batch_norm": (
        20, 1, compared("fid", images("gan", **DCGAN), images("wgan", **DCGAN), **FLOOR),
    ),
    "mlp_generator": (
        20, 1, compared("fid", images("gan", **MLP), images("wgan", **MLP), **FLOOR),
    ),
    "mlp_generator_collapse": (2 * log(2), 0, label_entropy),
    "no_mode_collapse": (1, 0.8, modes),
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
    "large_clip_slow": (4, 1, times_to_limit),
    "small_clip_vanishing": (
        -3, -1, measured("gradient_growth", method="wgan", constraint__clip_value=0.03, **DEEP),
    ),
    "penalty_keeps_gradients": (-1, 3, measured("gradient_growth", method="wgan-gp", **DEEP)),
    "weights_at_ends": (0.9, 0.1, measured("weights_at_ends", method="wgan")),
    "coupled_slope": (0.05, 0.45, coupled),
    "higher_moments": (4, 1, potentials),
    "penalty_gradient_norm": (-0.1, 0.5, gradient_norms),
    "penalty_every_architecture": (0.5, 4, architectures(ours=True)),
    "others_fail": (4, 0.5, architectures(ours=False)),
    "random_architectures": (4, 0.5, random_architectures),
    "large_clip_exploding": (
        3, 0, measured("gradient_growth", method="wgan", constraint__clip_value=0.1, **DEEP),
    ),
    "critic_overfits": (0.5, 0.01, overfitting),
    "batch_norm_spoils_penalty": (4, 1, batch_norm_penalised),
    "two_sided_no_worse": (1, 4, sides),
    "penalty_beats_clipping": (
        3, 1 / 3, compared("fid", images("wgan"), images("wgan-gp"), **FLOOR),
    ),
    "penalty_faster": (0.5, 2, times_to_best),
    "stable_lipschitz_factor": (0.02, 0.18, lipschitz_factor),
    "normalised_clip": (0.02, 0.18, normalised("wgan")),
    "normalised_penalty": (0.02, 0.18, normalised("wgan-gp")),
    "estimator_not_generator": (-1, 1, methods_ranked),
    "critic_steps_help": (
        2,
        0.5,
        compared("fid", images("wgan-gp", n_critic=1), images("wgan-gp", n_critic=5), **FLOOR),
    ),
    "no_default": (-1, 1, contest),
    "norm_parameters_clipped": (4, 1, batch_norm_unclipped),
    "fgan_estimates": (0.02, 0.18, fitted("learned")),
    "fgan_fits": (0.02, 0.18, fitted("sd")),
    "fgan_own_row": (1, -1, fitted_crosswise),
}  # fmt: skip
