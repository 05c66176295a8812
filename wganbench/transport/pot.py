"""The one place that imports POT, with the array backends switched off.

`import ot` otherwise imports torch (and jax, cupy, tensorflow where installed), which costs
seconds and memory in processes that only ever hand it numpy arrays. An environment that sets one
of the switches itself is respected.
"""

import os

for _backend in ("PYTORCH", "JAX", "CUPY", "TENSORFLOW"):
    os.environ.setdefault(f"POT_BACKEND_DISABLE_{_backend}", "1")

import ot  # noqa: E402 the switches above are read while ot is imported

__all__ = ["ot"]
