"""What is multiplied while a block runs."""

from typing import Any

from torch.utils._python_dispatch import TorchDispatchMode

PRODUCTS = ("bmm", "baddbmm", "mm", "addmm", "convolution", "convolution_backward")


class Products(TorchDispatchMode):
    """Counts matrix products and convolutions; the backward one by the gradients it is asked for.

    torch's FlopCounterMode follows modules, which fails inside of `autograd.grad`.
    """

    def __init__(self) -> None:
        super().__init__()
        self.count = 0

    def __torch_dispatch__(self, function: Any, types: Any, args: Any = (), kwargs: Any = None):
        name = function.overloadpacket.__name__
        if name in PRODUCTS:
            self.count += sum(args[-1][:2]) if name == "convolution_backward" else 1
        return function(*args, **(kwargs or {}))
