"""[WGAN] figure 4: the discriminator's JS estimate says nothing about images."""

from wganbench.claims.judging.claim import Claim
from wganbench.claims.judging.effects import correlation
from wganbench.claims.judging.methods import CONVOLUTIONAL, GAN, IMAGES
from wganbench.claims.judging.thresholds import RANKED, RANKED_REASON

CLAIM = Claim(
    source="[WGAN] figure 4",
    statement="Along the training of a GAN on images the Jensen-Shannon estimate does not fall as "
    "samples get better.",
    statistic="Spearman's correlation of held-out JS estimate and FID over a replica's evaluations",
    effects=correlation("divergence_heldout", "fid", {**GAN, **IMAGES, **CONVOLUTIONAL}),
    direction="at most",
    threshold=RANKED,
    reason=f"the bar that the WGAN's estimate must pass: {RANKED_REASON}",
)
