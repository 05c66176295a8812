"""The papers' methods as selections of runs by their configuration, never by their names."""

from wganbench.gather.selection import Where

# Critic and generator in turns, or the critic alone: other ways of training are other methods.
IN_TURNS: Where = {"algorithm": ["adversarial", "critic-only"]}
WASSERSTEIN: Where = {**IN_TURNS, "objective.name": "wasserstein"}
CLIPPED: Where = {**WASSERSTEIN, "constraint.name": "clip"}
# The paper's, and what bounds a critic of width 64 as that does one of width 512: the bound on the
# slope of an MLP of three hidden layers grows as c^4 width^3, so c = .01 8^(3/4) = .048.
CLIP_VALUES = [0.01, 0.05]
# [WGAN] algorithm 1, whatever the learning rate and the number of critic steps.
WGAN: Where = {
    **CLIPPED,
    "constraint.clip_value": CLIP_VALUES,
    "constraint.norm_parameters": lambda clipped: clipped is not False,
    "critic_optimizer.name": "rmsprop",
}
# [GP] algorithm 1, whatever the weight; a penalty of an image's channels alone is a port's mistake.
WGAN_GP: Where = {
    **WASSERSTEIN,
    "constraint.name": "gradient-penalty",
    "constraint.points": "interpolates",
    "constraint.norm_over": lambda over: over != "channels",
}
PENALTY_10: Where = {"constraint.penalty_weight": 10.0}  # [GP] algorithm 1
# That, and the toy code's: laws in the plane have another scale than images.
PENALTIES: Where = {"constraint.penalty_weight": [0.1, 10.0]}
UNCONSTRAINED: Where = {**IN_TURNS, "constraint.name": "none"}
GAN: Where = {**UNCONSTRAINED, "objective.name": ["non-saturating", "minimax"]}
LSGAN: Where = {**UNCONSTRAINED, "objective.name": "lsgan"}

IMAGES: Where = {"data.kind": "images"}
LAWS: Where = {"data.kind": "law"}
# Both papers' algorithm 1 on all of the data; few samples are another question ([GP] figure 5).
ALGORITHM_1: Where = {"n_critic": 5, "train_samples": 0}
# [GP] figure 3.
CLIPPED_IMAGES: Where = {**WGAN, **ALGORITHM_1, **IMAGES}
PENALISED_IMAGES: Where = {**WGAN_GP, **PENALTY_10, **ALGORITHM_1, **IMAGES}
CONVOLUTIONAL: Where = {"critic.name": lambda name: name != "mlp"}
# [WGAN] figure 7.
_MLP: Where = {"generator.name": "mlp", "generator.norm": "none"}
MLP_GENERATOR: Where = {**IMAGES, **CONVOLUTIONAL, **_MLP}
# [WGAN] figure 5: the authors' baseline, with which every method works.
DCGAN_BASELINE: Where = {
    **IMAGES,
    "critic.name": "dcgan",
    "generator.name": "dcgan",
    "generator.norm": "batch",
}
# [GP]'s penalty with its weight, at other points than interpolates of independent pairs.
INTERPOLATES: Where = {**WGAN_GP, **PENALTY_10}
COUPLED: Where = {
    **WASSERSTEIN,
    **PENALTY_10,
    "constraint.name": "coupled-penalty",
    "constraint.sides": "two",
}
UNIFORM: Where = {**COUPLED, "constraint.name": "uniform-penalty"}
