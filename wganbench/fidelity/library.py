"""The one place that imports torch-fidelity, without torch's compiler.

torchvision, which torch-fidelity imports, asks one function of the compiler for its box operators,
which are not used here; importing the compiler takes longer than measuring a run of small images.
"""

import sys
from importlib import import_module
from types import ModuleType
from typing import Any

_COMPILER = "torch._dynamo.utils"


class _WhenUsed(ModuleType):
    """Stands for the compiler's module until something of it is used."""

    def is_compile_supported(self, device_type: Any) -> Any:
        return _real().is_compile_supported(device_type)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):  # Python's own questions to a module
            raise AttributeError(name)
        return getattr(_real(), name)


def _real() -> ModuleType:
    _forget()
    return import_module(_COMPILER)


def _forget() -> None:
    if isinstance(sys.modules.get(_COMPILER), _WhenUsed):
        del sys.modules[_COMPILER]


sys.modules.setdefault(_COMPILER, _WhenUsed(_COMPILER))
try:
    import torch_fidelity
finally:
    _forget()

__all__ = ["torch_fidelity"]
