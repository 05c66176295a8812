"""Claims of [fGAN]."""

from claim_evidence import Levels, Made

from claim_cases.builds import Build, Cases
from wganbench.claims.judging.evidence import Evidence
from wganbench.claims.judging.fits import MEASURED, best
from wganbench.objectives.f_gan import FGAN


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


CASES: Cases = {
    "fgan_estimates": (0.02, 0.18, fitted("learned")),
    "fgan_fits": (0.02, 0.18, fitted("sd")),
    "fgan_own_row": (1, -1, fitted_crosswise),
}  # fmt: skip
