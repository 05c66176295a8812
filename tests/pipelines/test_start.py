"""Every command of Snakemake reads the rules, and so does every job on a cluster."""

import re
import subprocess
import sys

HEAVY = {"torch", "scipy", "sklearn", "matplotlib", "ot", "torch_fidelity"}


def test_reading_the_rules_loads_no_heavy_library(root):
    files = [root / "Snakefile", *(root / "pipelines").glob("*.smk")]
    found = "\n".join(file.read_text() for file in files)
    modules = sorted(set(re.findall(r"^ *(?:from|import) (wganbench[\w.]*)", found, re.M)))
    assert "wganbench.operations.asks" in modules
    code = f"import sys, {', '.join(modules)}; print(*(sys.modules.keys() & {HEAVY}))"
    done = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True)
    assert (done.stdout.split(), done.stderr) == ([], "")
