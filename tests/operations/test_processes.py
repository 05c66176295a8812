"""What a process that measures or trains does without, and what it keeps."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def said_by(code: str) -> list[str]:
    """Return the words that a fresh Python prints."""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT)
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


COMPILER = """
import sys
import wganbench.fidelity.metrics, wganbench.fidelity.extractors
print(any(name.startswith(("torch._dynamo", "torch._inductor")) for name in sys.modules))
import torch, torchvision
box = torch.tensor([[0.0, 0.0, 4.0, 4.0]])
pooled = torchvision.ops.roi_align(torch.ones(1, 3, 8, 8), [box], 2)
print(pooled.mean().item())
from torch._dynamo.utils import is_compile_supported
print(is_compile_supported("cpu") == torchvision.ops.roi_align.__globals__[
    "is_compile_supported"]("cpu"), type(sys.modules["torch._dynamo.utils"]).__name__)
"""


def test_fidelity_is_measured_without_torchs_compiler_which_stays_there_for_others():
    assert said_by(COMPILER) == ["False", "1.0", "True", "module"]


@pytest.mark.long
def test_a_compiler_that_is_there_already_is_left_alone():
    code = (
        "import sys, torch._dynamo.utils as before\n"
        "import wganbench.fidelity.metrics\n"
        "print(sys.modules['torch._dynamo.utils'] is before)"
    )
    assert said_by(code) == ["True"]


RESIDENT = """
from pathlib import Path
import torch
from wganbench.training.train import prepare_torch
prepare_torch("cpu")
def pages():
    return int(Path("/proc/self/statm").read_text().split()[1])
before = pages()
graph = [torch.ones(1024, 768) for _ in range(10)]  # 3 MiB each
held = pages()
del graph
print(held - before, pages() - before)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="the memory allocator is glibc's")
def test_memory_that_a_step_frees_is_kept_for_the_next():
    held, kept = map(int, said_by(RESIDENT))
    assert kept > 0.9 * held


FRAMES = """
import sys, pathlib, tempfile
import wganbench.fidelity.measure, wganbench.transport.measure
from wganbench.records.tables import write_table
from wganbench.records.transport import SCHEMA, read_transport
with tempfile.TemporaryDirectory() as folder:
    path = pathlib.Path(folder, "table.parquet")
    write_table([{"seed": 0, "iteration": 1, "w1": None}], SCHEMA, path)
    table = read_transport(path)
print({"pandas", "jaxtyping", "pyarrow.compute", "scipy.stats"} & set(sys.modules))
import pyarrow as pa
print(table.to_pandas()["w1"].isna().sum())
import pandas as pd
print(pa.array(pd.Series([1.0, float("nan")])).null_count)
"""


def test_a_table_is_written_and_read_without_pandas_which_stays_there_for_frames():
    assert said_by(FRAMES) == ["set()", "1", "1"]
