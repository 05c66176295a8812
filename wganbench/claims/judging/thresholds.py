"""Thresholds that several claims share, each with its reason.

They were written down before any verdict was seen and follow the wording of a claim, not results: a
paper that says "fails" gets one bar everywhere, a paper that states a direction another.
"""

FAILS = 2.0
FAILS_REASON = (
    "where a paper says that one fails and the other works, at least a factor of 2 must lie "
    "between them; anything less is a difference of degree"
)
NOT_TRAINED_REASON = (
    "twice as far from the data as half of its classes is a failure; between one and two lie "
    "samples that a longer training may mend"
)
DIRECTION = 1.0
DIRECTION_REASON = (
    "the source states a direction and no size, so that any difference counts which the interval "
    "tells from none (a factor of 1)"
)
RANKED = 0.5
RANKED_REASON = (
    "0.5 is the usual bar for a large correlation (Cohen 1988); below it the ranks share less than "
    "a quarter of their variance, too little to read quality off a loss"
)
WITHIN = 0.1
WITHIN_REASON = "10% is the project's own bar for calling an estimate a distance (docs/claims.md)"
VISIBLE = 10.0
VISIBLE_REASON = (
    "an order of magnitude: what a figure shows as there and not there differs by more, and a "
    "learning rate makes up for less"
)
