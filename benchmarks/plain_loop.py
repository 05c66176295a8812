"""The usual PyTorch script: torch's modules and optimisers, one seed, one thread."""

from math import log2

import torch
from torch import Tensor, nn
from torch.nn.functional import softplus

N_CRITIC, CLIP, LAMBDA, LEAK, STD = 5, 0.01, 10, 0.2, 0.02


def mlp(inputs: int, width: int, outputs: int, depth: int = 3) -> nn.Sequential:
    """Return ReLU layers and a linear output."""
    layers: list[nn.Module] = []
    for entering in [inputs, *[width] * (depth - 1)]:
        layers += [nn.Linear(entering, width), nn.ReLU()]
    return nn.Sequential(*layers, nn.Linear(width, outputs))


def dcgan_generator(latents: int, width: int, channels: int, size: int) -> nn.Sequential:
    """Return nets.dcgan's generator with batch norm."""
    layers: list[nn.Module] = []
    inputs = latents
    for k in reversed(range(int(log2(size // 4)))):
        outputs, how = width * 2**k, (2, 1) if layers else (1, 0)
        layers.append(nn.ConvTranspose2d(inputs, outputs, 4, *how, bias=False))
        layers += [nn.BatchNorm2d(outputs), nn.ReLU()]
        inputs = outputs
    last = nn.ConvTranspose2d(inputs, channels, 4, 2, 1, bias=False)
    return _dcgan(nn.Sequential(*layers, last, nn.Tanh()))


def dcgan_critic(width: int, channels: int, size: int, *, norm: bool) -> nn.Sequential:
    """Return nets.dcgan's critic, with batch norm or without any."""
    layers: list[nn.Module] = []
    inputs = channels
    for k in range(int(log2(size // 4))):
        outputs = width * 2**k
        layers.append(nn.Conv2d(inputs, outputs, 4, 2, 1, bias=False))
        layers += [nn.BatchNorm2d(outputs)] if k and norm else []
        layers.append(nn.LeakyReLU(LEAK))
        inputs = outputs
    return _dcgan(nn.Sequential(*layers, nn.Conv2d(inputs, 1, 4, bias=False), nn.Flatten(0)))


def _dcgan(net: nn.Sequential) -> nn.Sequential:
    for layer in net:
        if isinstance(layer, nn.Conv2d | nn.ConvTranspose2d):
            nn.init.normal_(layer.weight, 0, STD)
    return net


class PlainLoop:
    """GAN, WGAN or WGAN-GP with the presets' optimisers."""

    def __init__(
        self, method: str, nets: tuple[nn.Module, nn.Module], latent: tuple[int, ...],
        pool: Tensor, batch_size: int,
    ) -> None:  # fmt: skip
        self.method, self.latent, self.pool, self.batch_size = method, latent, pool, batch_size
        self.generator, self.critic = nets
        self.generator_optimizer, self.critic_optimizer = map(self._optimizer, nets)

    def _optimizer(self, net: nn.Module) -> torch.optim.Optimizer:
        if self.method == "wgan":
            return torch.optim.RMSprop(net.parameters(), 5e-5)
        if self.method == "gan":
            return torch.optim.Adam(net.parameters(), 2e-4, (0.5, 0.999))
        return torch.optim.Adam(net.parameters(), 1e-4, (0.0, 0.9))

    def iterate(self) -> None:
        for _ in range(1 if self.method == "gan" else N_CRITIC):
            self.critic_step()
        self.critic.requires_grad_(False)
        on_fake = self.critic(self.fake())
        loss = softplus(-on_fake).mean() if self.method == "gan" else -on_fake.mean()
        self.generator_optimizer.zero_grad()
        loss.backward()
        self.generator_optimizer.step()
        self.critic.requires_grad_(True)

    def fake(self) -> Tensor:
        samples: Tensor = self.generator(
            torch.randn(self.batch_size, *self.latent, device=self.pool.device)
        )
        return samples

    def critic_step(self) -> None:
        real = self.pool[torch.randint(len(self.pool), (self.batch_size,), device=self.pool.device)]
        real = real.float() / 127.5 - 1 if real.dtype == torch.uint8 else real
        with torch.no_grad():
            fake = self.fake()
        on_real, on_fake = self.critic(real), self.critic(fake)
        if self.method == "gan":
            loss = softplus(-on_real).mean() + softplus(on_fake).mean()
        else:
            loss = on_fake.mean() - on_real.mean()
        if self.method == "wgan-gp":
            loss = loss + self.penalty(real, fake)
        self.critic_optimizer.zero_grad()
        loss.backward()
        self.critic_optimizer.step()
        if self.method == "wgan":
            with torch.no_grad():
                for parameter in self.critic.parameters():
                    parameter.clamp_(-CLIP, CLIP)

    def penalty(self, real: Tensor, fake: Tensor) -> Tensor:
        share = torch.rand(len(real), *[1] * (real.ndim - 1), device=real.device)
        points = (share * real + (1 - share) * fake).requires_grad_()
        values = self.critic(points)
        (gradient,) = torch.autograd.grad(values.sum(), points, create_graph=True)
        return LAMBDA * ((gradient.flatten(1).norm(dim=1) - 1) ** 2).mean()
