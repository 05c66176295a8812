"""The one place that imports POT, without what it brings along for solvers that are not used here.

`import ot` otherwise imports torch (and jax, cupy, tensorflow where installed) for its array
backends, and scikit-learn for its low-rank solver, which POT does without where it is not
installed. Both take longer than most of our problems. An environment that sets one of the
backends' switches itself is respected.
"""

import os
import sys

for _backend in ("PYTORCH", "JAX", "CUPY", "TENSORFLOW"):
    os.environ.setdefault(f"POT_BACKEND_DISABLE_{_backend}", "1")

_is_hidden = "sklearn" not in sys.modules
if _is_hidden:
    sys.modules["sklearn"] = None  # type: ignore[assignment] # as if it were not installed
try:
    import ot
finally:
    if _is_hidden:
        del sys.modules["sklearn"]

__all__ = ["ot"]
