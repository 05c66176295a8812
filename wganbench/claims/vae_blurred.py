"""Are the images of a variational auto-encoder blurred?"""

from wganbench.claims.judging.claim import Claim
from wganbench.claims.judging.effects import value_of
from wganbench.claims.judging.gates import trained_images
from wganbench.gather.selection import VAE

CLAIM = Claim(
    source="Goodfellow, Bengio, Courville 2016 (Deep Learning, section 20.10.3), by recall; "
    "[VAE] figure 5",
    origin="other papers",
    model="VAE",
    published="in words: somewhat blurry",
    statement="A variational auto-encoder's images are blurred.",
    statistic="mean variance of the Laplacian of generated images over that of held-out real ones, "
    "at the end",
    effects=value_of("sharpness", VAE),
    direction="at most",
    threshold=0.7,
    reason="a Gaussian blur of half a pixel leaves .69 of the variance that real digits have, one "
    "of a quarter all of it; other real digits in as large a sample have 1.00 to 1.02 of it",
    ratio=True,
    gates=(trained_images(VAE),),
)
