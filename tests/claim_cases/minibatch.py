"""The claim of minibatch discrimination."""

from claim_evidence import Levels, Made

from claim_cases.builds import MLP, Cases
from wganbench.claims.judging.evidence import Evidence


def entropy_won(levels: Levels) -> Evidence:
    """Levels are the nats that the layer wins over one class and a little."""
    made = Made()
    for critic, won in (("mlp", [0.0] * len(levels)), ("minibatch-mlp", levels)):
        run = made.run("gan", "images", critic__name=critic, **MLP, critic__width=16)
        made.end(run, label_entropy=[0.2 + nats for nats in won], fid=5.0)
    return made.evidence


CASES: Cases = {"minibatch_discrimination": (1.5, 0.1, entropy_won)}
