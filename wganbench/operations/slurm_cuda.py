"""What a test job says about its GPU, driver and build of torch, judged."""

from wganbench.operations.slurm_node import DRIVER, Gpu

OLDER = "install torch for an older CUDA (docs/guide.md#an-older-driver)"
NO_CODE = "no kernel image"  # CUDA's words for a GPU that the build has no machine code for


def cuda_problem(gpu: Gpu) -> str:
    """Return why torch did not compute on a node's GPU and what to do; nothing if it did.

    Since CUDA 11 a build works with every driver for the same or a newer major version
    (NVIDIA, CUDA Compatibility, minor version compatibility).
    """
    if not gpu.error:
        return ""
    if not gpu.torch:
        return f"torch is built without CUDA ({gpu.error}): install a build with it"
    if not gpu.driver:
        return f"has no NVIDIA driver ({DRIVER}): set a partition or gpu_model whose nodes have one"
    if _major(gpu.driver) < _major(gpu.torch):
        known = f"the driver knows CUDA up to {gpu.driver} and torch is built for {gpu.torch}"
        return f"{known}: {OLDER}, or ask the site for a newer driver"
    if NO_CODE in gpu.error:
        return f"torch for CUDA {gpu.torch} has no code for a GPU as old as this: {OLDER}"
    return f"CUDA does not work with torch for {gpu.torch}, driver for {gpu.driver}: {gpu.error}"


def gpu_in_words(gpu: Gpu) -> str:
    """Return what was found on a node where torch computes."""
    return f"{gpu.name}, driver for CUDA {gpu.driver}, torch for {gpu.torch}"


def _major(version: str) -> int:
    return int(version.partition(".")[0])
