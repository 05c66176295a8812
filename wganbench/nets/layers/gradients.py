"""The critic's gradient with respect to its input, for penalties and for measuring it."""

import torch
from jaxtyping import Float
from torch import Tensor, nn

from wganbench.nets.layers.activations import differentiated_twice
from wganbench.nets.layers.critique import values_of


def interpolate(
    real: Float[Tensor, "replica batch *shape"],
    fake: Float[Tensor, "replica batch *shape"],
    share: Float[Tensor, "replica batch"],
) -> Float[Tensor, "replica batch *shape"]:
    """Return share * real + (1 - share) * fake ([GP] algorithm 1, line 6)."""
    share = share.view(*share.shape, *[1] * (real.ndim - 2))
    return share * real + (1 - share) * fake


def value_and_gradient(
    critic: nn.Module, points: Float[Tensor, "replica batch *shape"], *, create_graph: bool = False
) -> tuple[Float[Tensor, "replica batch"], Float[Tensor, "replica batch *shape"]]:
    """Return the critic's value at each point, and its gradient there.

    With batch norm a value is not a function of its point alone: the gradient is then that of the
    batch's summed values with respect to each point.

    `create_graph` makes the gradient differentiable.
    """
    points = points.detach().requires_grad_()
    with differentiated_twice(wanted=create_graph):
        values = values_of(critic(points))
    (gradient,) = torch.autograd.grad(values.sum(), points, create_graph=create_graph)
    return values.detach(), gradient


def value_and_gradient_norm(
    critic: nn.Module, points: Float[Tensor, "replica batch *shape"], *, create_graph: bool = False
) -> tuple[Float[Tensor, "replica batch"], Float[Tensor, "replica batch"]]:
    """Return values, and the Euclidean norms of the gradients over all dimensions of a point."""
    values, gradient = value_and_gradient(critic, points, create_graph=create_graph)
    return values, torch.linalg.vector_norm(gradient.flatten(2), dim=-1)


def input_gradient(
    critic: nn.Module, points: Float[Tensor, "replica batch *shape"], *, create_graph: bool = False
) -> Float[Tensor, "replica batch *shape"]:
    """Return the critic's gradient at each point; see `value_and_gradient`."""
    return value_and_gradient(critic, points, create_graph=create_graph)[1]


def input_gradient_norm(
    critic: nn.Module, points: Float[Tensor, "replica batch *shape"], *, create_graph: bool = False
) -> Float[Tensor, "replica batch"]:
    """Return the gradient's Euclidean norm at each point; see `value_and_gradient_norm`."""
    return value_and_gradient_norm(critic, points, create_graph=create_graph)[1]


def channel_gradient_norm(
    critic: nn.Module, points: Float[Tensor, "replica batch *shape"], *, create_graph: bool = False
) -> Float[Tensor, "replica values"]:
    """Return the norms of the critic's gradient over a sample's first axis alone: one per pixel."""
    gradient = input_gradient(critic, points, create_graph=create_graph)
    norm: Tensor = torch.linalg.vector_norm(gradient, dim=2)
    return norm.flatten(1)
