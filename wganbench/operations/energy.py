"""What a GPU draws, by its own counter. A processor's is of all its cores together, and root's."""


def joules(device: str) -> float | None:
    """Return the joules that the GPU in use has drawn since its driver was loaded.

    All that runs on it is in them, and what it draws idle. None on a CPU, and on a GPU that does
    not tell: one from before Volta, or without NVIDIA's driver.
    """
    if device != "cuda":
        return None
    import torch

    if not torch.cuda.is_available():
        return None
    import pynvml

    uuid = torch.cuda.get_device_properties(torch.cuda.current_device()).uuid
    try:
        pynvml.nvmlInit()
        handle = pynvml.nvmlDeviceGetHandleByUUID(f"GPU-{uuid}")
        return float(pynvml.nvmlDeviceGetTotalEnergyConsumption(handle)) / 1000
    except pynvml.NVMLError:
        return None


def drawn_since(before: float | None, device: str) -> float | None:
    """Return the joules that the GPU in use has drawn since its counter stood so."""
    now = joules(device)
    return None if before is None or now is None else now - before
