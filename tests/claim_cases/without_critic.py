"""Claims about generators trained without a critic."""

from claim_evidence import QUARTERS, Levels, Made

from claim_cases.builds import Cases
from wganbench.claims.judging.evidence import Evidence

FLOOR = 0.1


def beside_clip(levels: Levels) -> Evidence:
    """Levels are the clipped WGAN's W1 over that of exact transport, in the same time."""
    made = Made()
    clip = made.run("wgan", data__name="8gaussians")
    exact = loss_run(made, "exact-ot", 32)
    made.end(clip, w1=[2 * FLOOR * v for v in levels], floor=FLOOR)
    made.end(exact, w1=2 * FLOOR, floor=FLOOR)
    for run in (clip, exact):
        for seed in range(len(levels)):
            for at in QUARTERS:
                made.measure_at("training_seconds", run, seed, at, 0.01 * at)
    return made.evidence


def by_batch(energy: float | None = None):
    """Return a build in which levels are by what a smaller batch makes exact transport worse."""

    def build(levels: Levels) -> Evidence:
        made = Made()
        batches(made, "exact-ot", levels)
        if energy is not None:
            batches(made, "energy", [energy] * len(levels))
        return made.evidence

    return build


def batches(made: Made, loss: str, levels: Levels) -> None:
    """Add a run with batches of 32, a level times as far off as one with 128."""
    made.end(loss_run(made, loss, 128), w1=2 * FLOOR, floor=FLOOR)
    made.end(loss_run(made, loss, 32), w1=[2 * FLOOR * v for v in levels], floor=FLOOR)


def loss_run(made: Made, loss: str, batch: int) -> str:
    return made.run("gan", algorithm="sample-loss", loss__name=loss, batch_size=batch)


CASES: Cases = {
    "exact_ot_trains": (1.5, 0.7, beside_clip),
    "exact_ot_batch_bias": (1.5, 0.7, by_batch()),
    "energy_less_biased": (1.5, 0.8, by_batch(1.1)),
}  # fmt: skip
