"""What an algorithm plays with: the task that is set, and players, nets with their optimisers."""

from contextlib import AbstractContextManager
from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor, nn

from wganbench.optimizers import Optimizer, OptimizerState
from wganbench.plan.configuration import Configuration
from wganbench.records.data import Arrays
from wganbench.training.precision import Precision, lowered, return_float32
from wganbench.training.recording import Recorder
from wganbench.training.sampler import Sampler
from wganbench.training.streams import Streams

Log = dict[str, Float[Tensor, " replica"]]


class Player:
    """A net and the optimiser of its parameters."""

    def __init__(self, net: nn.Module, optimizer: Optimizer) -> None:
        self.net = net
        self.state = OptimizerState(optimizer, net.parameters())

    @property
    def steps(self) -> int:
        return self.state.steps

    def descend(self, loss: Float[Tensor, " replica"]) -> None:
        """Take a step along the gradient in the player's own parameters; no other's is computed.

        Replicas share no parameter, so that the gradient of the losses' sum is each one's own.
        """
        self.state.step(torch.autograd.grad(loss.sum(), self.state.parameters))


@dataclass(frozen=True)
class Task:
    """What every algorithm is set: samples to learn, how many at a time, and random streams."""

    arrays: Arrays
    shape: tuple[int, ...]
    batch_size: int
    precision: Precision
    sampler: Sampler
    streams: Streams

    @classmethod
    def of(
        cls, configuration: Configuration, arrays: Arrays, seeds: tuple[int, ...], device: str
    ) -> "Task":
        """Return what a configuration sets, for some seeds."""
        streams = Streams(seeds, torch.device(device))
        used, batch_size = configuration.train_samples, configuration.batch_size
        return cls(
            arrays=arrays,
            shape=configuration.data.shape,
            batch_size=batch_size,
            precision=configuration.precision,
            sampler=Sampler.on(arrays, used, batch_size, streams),
            streams=streams,
        )

    def player(self, net: nn.Module, optimizer: Optimizer) -> Player:
        """Return a player that computes in the task's precision and returns float32."""
        return_float32(net, self.precision)
        return Player(net, optimizer)

    def lowered(self) -> AbstractContextManager[object]:
        """Return the context in which forward passes of training run; see `precision`."""
        return lowered(self.precision, self.streams.device)

    def heldout_model(self, count: int) -> Float[Tensor, "replica count *shape"]:
        """Return a given model's first held-out samples, the same for every replica."""
        assert self.arrays.heldout_model is not None, "only a pair of laws gives the model"
        model = torch.from_numpy(self.arrays.heldout_model[:count]).to(self.streams.device)
        return model.expand(self.streams.replicas, *model.shape)


class Game:
    """An algorithm with its players on a task: all that changes from one iteration to the next."""

    def __init__(
        self, configuration: Configuration, arrays: Arrays, seeds: tuple[int, ...], device: str
    ) -> None:
        self.configuration = configuration
        self.algorithm = configuration.algorithm
        self.task = Task.of(configuration, arrays, seeds, device)
        self.players = self.algorithm.players(self.task)
        self._recorder = Recorder(self)

    @property
    def critic(self) -> nn.Module | None:
        """The critic's net, if the algorithm has one."""
        return self.players["critic"].net if "critic" in self.players else None

    def nets(self) -> dict[str, nn.Module]:
        return {name: player.net for name, player in self.players.items()}

    def forget_recordings(self) -> None:
        """Take iterations as they are again; whoever puts other tensors in place has to."""
        self._recorder = Recorder(self)

    def iterate(self) -> Log:
        """Take one iteration; see `algorithms.Algorithm.iterate`."""
        return self._recorder.iterate()
