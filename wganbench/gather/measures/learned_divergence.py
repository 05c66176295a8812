"""[fGAN] table 3: the learned objective F, which bounds the divergence from below."""

from wganbench.gather.affine import FITS
from wganbench.gather.bounds import bound
from wganbench.gather.measures import Measure

MEASURE = Measure(
    about="E T(x) - E f*(T(y)) of the trained critic under the two laws themselves, without the "
    "noise of samples, in the divergence's unit",
    where=FITS,
    by_evaluation=bound,
)
