"""Claims about f-GAN beyond its table of fits: critics anew, steps, a ring, JS along a training."""

from claim_evidence import Levels, Made

from claim_cases.builds import Cases
from wganbench.claims.js_optimised import JS
from wganbench.claims.judging.evidence import Evidence
from wganbench.claims.judging.fits import best, exact
from wganbench.claims.log_d_trick import goal
from wganbench.data.fgan_fit import LEARNED
from wganbench.objectives.f_gan import FGAN

KL, PEARSON = FGAN(f_divergence="kl"), FGAN(f_divergence="pearson")


def fits_by_critics(levels: Levels) -> Evidence:
    """Return what critics learn of two fits; a level is what they find of the own one."""
    made = Made()
    for objective in (KL, PEARSON):
        for trained_on in ("kl", "pearson"):
            own = trained_on == objective.f_divergence
            truth = exact(objective, *LEARNED[trained_on])
            other = exact(objective, *LEARNED["pearson" if trained_on == "kl" else "kl"])
            run = made.run(
                "gan", "pair", data__name="fgan-fit", data__trained_on=trained_on,
                critic__name="tanh-mlp", objective__name="f-gan",
                objective__f_divergence=objective.f_divergence,
            )  # fmt: skip
            found = [truth if level > 0 else 1.1 * other for level in levels]
            made.measure("relearned_divergence", run, found if own else [truth] * len(levels))
    return made.evidence


def steps_of_critic(levels: Levels) -> Evidence:
    """Return best fits of the double loop, and of the single step 1 or a wider law."""
    made = Made()
    fit = best(KL)
    for variant, steps in (("single-step", 1), ("double-loop", 10)):
        run = made.run("gan", "line", variant=variant, n_critic=steps, objective__f_divergence="kl")
        wide = [1 if steps > 1 or level > 0 else 2 for level in levels]
        made.measure("model_mean", run, [fit.mean] * len(levels))
        made.measure("model_sd", run, [factor * fit.sd for factor in wide])
    return made.evidence


def ring(made: Made, divergence: str, **columns: Levels | float) -> None:
    run = made.run("gan", objective__name="f-gan", objective__f_divergence=divergence)
    made.end(run, floor=0.1, modes=8, **columns)


def ring_by_distance(levels: Levels) -> Evidence:
    """Return three divergences of which the worst is so many times as far off as the best."""
    made = Made()
    ring(made, "kl", w1=0.2)
    ring(made, "js", w1=0.201)
    ring(made, "reverse-kl", w1=[0.2 * level for level in levels])
    return made.evidence


def ring_by_modes(levels: Levels) -> Evidence:
    """Return KL with all modes, and reverse KL with so many fewer."""
    made = Made()
    ring(made, "kl", w1=0.2, modes_loose=8.0)
    ring(made, "reverse-kl", w1=0.2, modes_loose=[8.0 - level for level in levels])
    return made.evidence


def line(objective: str, levels: Levels) -> Evidence:
    """Return models of a GAN: 1 is the least JS, -1 the goal of the -log D trick."""
    made = Made()
    run = made.run("gan", "line", objective__name=objective)
    laws = [best(JS) if level > 0 else goal() for level in levels]
    made.measure("model_mean", run, [law.mean for law in laws])
    made.measure("model_sd", run, [law.sd for law in laws])
    return made.evidence


CASES: Cases = {
    "fgan_cross_critics": (1, -1, fits_by_critics),
    "fgan_single_step": (1, -1, steps_of_critic),
    "fgan_divergence_distance": (1.3, 4, ring_by_distance),
    "fgan_divergence_modes": (0, 4, ring_by_modes),
    "js_optimised": (1, -1, lambda levels: line("minimax", levels)),
    "log_d_trick": (-1, 1, lambda levels: line("non-saturating", levels)),
}  # fmt: skip
