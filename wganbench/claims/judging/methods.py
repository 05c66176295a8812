"""The papers' methods as selections of runs by their configuration, never by their names."""

from wganbench.gather.selection import Where

# Critic and generator in turns, or the critic alone: other ways of training are other methods.
IN_TURNS: Where = {"algorithm": ["adversarial", "critic-only"]}
WASSERSTEIN: Where = {**IN_TURNS, "objective.name": "wasserstein"}
CLIPPED: Where = {**WASSERSTEIN, "constraint.name": "clip"}
# [WGAN] algorithm 1, whatever the learning rate and the number of critic steps.
WGAN: Where = {
    **CLIPPED,
    "constraint.clip_value": 0.01,
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
UNCONSTRAINED: Where = {**IN_TURNS, "constraint.name": "none"}
GAN: Where = {**UNCONSTRAINED, "objective.name": ["non-saturating", "minimax"]}
LSGAN: Where = {**UNCONSTRAINED, "objective.name": "lsgan"}

IMAGES: Where = {"data.kind": "images"}
LAWS: Where = {"data.kind": "law"}
# Both papers' algorithm 1 on all of the data; few samples are another question ([GP] figure 5).
ALGORITHM_1: Where = {"n_critic": 5, "train_samples": 0}
CONVOLUTIONAL: Where = {"critic.name": lambda name: name != "mlp"}
# [WGAN] figure 7.
_MLP: Where = {"generator.name": "mlp", "generator.norm": "none"}
MLP_GENERATOR: Where = {**IMAGES, **CONVOLUTIONAL, **_MLP}
