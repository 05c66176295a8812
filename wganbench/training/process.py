"""How a process that computes with torch is set up."""

import os

import torch

from wganbench.errors import UserError
from wganbench.freed_memory import keep_freed_memory


def prepare_torch(device: str) -> None:
    """Set the process up for reproducible training on one thread.

    Raises:
        UserError: the device is not there.
    """
    if device == "cuda" and not torch.cuda.is_available():
        raise UserError("device: cuda was asked for, but torch sees no GPU; set device: cpu")
    # Two threads on a busy machine are many times slower than one, and one is reproducible.
    torch.set_num_threads(1)
    torch.set_flush_denormal(True)
    keep_freed_memory()
    if device == "cuda":
        os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")
        # On one CPU thread every operation used here is deterministic as it is, and this call
        # imports torch's compiler, which takes a second.
        torch.use_deterministic_algorithms(True)
        # Nothing reads memory before it is written: filling it would be a kernel per tensor.
        torch.utils.deterministic.fill_uninitialized_memory = False  # type: ignore[attr-defined]
        # On the default stream nothing can be recorded.
        if torch.cuda.current_stream() == torch.cuda.default_stream():
            torch.cuda.set_stream(torch.cuda.Stream())  # type: ignore[no-untyped-call]
