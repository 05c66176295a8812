import shlex
import sys
from pathlib import Path

from snakemake.utils import min_version

from wganbench.errors import UserError
from wganbench.plan.digest import data_code, package_code, training_code
from wganbench.plan.params import validated

min_version("9.0")
# Jobs find `wganbench` beside the Python that runs Snakemake, activated or not, unless Snakemake
# deploys their software itself.
BIN = shlex.quote(str(Path(sys.executable).parent))
shell.prefix(
    f'case "${{{{CONDA_PREFIX:-}}}}" in */.snakemake/conda/*) ;; *) export PATH={BIN}:$PATH ;; esac; '
)


configfile: "params.yaml"


try:
    PARAMS = validated(config, "params.yaml or --config")
    RUNS = {run.id: run for run in PARAMS.all_runs()}
except UserError as error:
    raise WorkflowError(str(error)) from None

DATA = {run.configuration.data.id: run.configuration.data for run in RUNS.values()}
MEASURED = [id for id, run in RUNS.items() if run.configuration.data.kind != "images"]
MIXTURES = [
    id for id, run in RUNS.items() if run.configuration.data.modes() is not None
]


wildcard_constraints:
    data=r"[a-z0-9][A-Za-z0-9_.-]*",
    run=r"[a-z0-9-]+/[A-Za-z0-9.-]+",


include: "pipelines/common.smk"
include: "pipelines/data.smk"
include: "pipelines/train.smk"
include: "pipelines/transport.smk"
include: "pipelines/fidelity.smk"
include: "pipelines/report.smk"


localrules:
    all,
    runs,


rule runs:
    input:
        expand("data/{data}.npz", data=DATA),
        expand("results/{run}/{file}", run=RUNS, file=RUN_FILES),
        expand("results/{run}/transport.parquet", run=MEASURED),
        expand("results/{run}/fidelity.parquet", run=MIXTURES),
        "results/summary.parquet",


rule all:
    default_target: True
    input:
        rules.runs.input,
        rules.report.output,
