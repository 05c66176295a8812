"""How much saved nets are asked, see `saved_nets`; imports no torch."""

WALKS, STEPS = 32, 12
SHOWN = 5  # walks of each replica that are kept
LABELLED = 10  # images of each class that a probe learns from
LATENTS = 256  # whose images give the classes' means, and as many that are moved
