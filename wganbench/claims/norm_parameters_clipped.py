"""The official WGAN code clips batch norm's scales and shifts too; ports that do not, fail."""

from wganbench.claims.judging.claim import Claim
from wganbench.claims.judging.effects import ratio_at_end
from wganbench.claims.judging.gates import alive
from wganbench.claims.judging.methods import CLIPPED
from wganbench.claims.judging.pairs import EVERYTHING
from wganbench.claims.judging.thresholds import FAILS
from wganbench.gather.selection import Where

BATCH_NORM: Where = {**CLIPPED, "critic.norm": "batch"}

CLAIM = Claim(
    origin="other papers",
    source="[WGAN]'s official code, main.py, and its users' reports",
    statement="It matters that the critic's batch-norm parameters are clipped too: without, the "
    "loss is far higher.",
    statistic="size of the held-out estimate with batch norm's parameters left free over that with "
    "all clipped, all else and the seed alike, at the end",
    effects=ratio_at_end(
        "estimate_heldout",
        {**BATCH_NORM, "constraint.norm_parameters": False},
        {**BATCH_NORM, "constraint.norm_parameters": True},
        alike=EVERYTHING,
        apart=("variant", "constraint.norm_parameters"),
    ),
    direction="at least",
    threshold=FAILS,
    reason="'far higher' is at least twice; less could be made up for by the clip value",
    ratio=True,
    gates=(alive(BATCH_NORM),),
)
