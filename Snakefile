import os
import secrets
import shlex
import sys
from functools import cache
from pathlib import Path

from snakemake.utils import min_version

from wganbench.errors import UserError
from wganbench.jobs import start
from wganbench.jobs.outages import outlast
from wganbench.jobs.scheduler import calm

try:
    import wganbench.plan.configuration  # and with it the modules in plugins/
except UserError as error:
    raise WorkflowError(str(error)) from None

from wganbench.operations.asks import Asks
from wganbench.operations.retries import times_memory, times_minutes
from wganbench.plan import steps
from wganbench.plan.choices import needed
from wganbench.plan.elsewhere import judged_elsewhere
from wganbench.plan.params import validated
from wganbench.records.choices import choices_file
from wganbench.records.data import raw_state
from wganbench.records.layout import (
    CLAIMS,
    EXTRACTORS,
    EXTRACTOR_SUFFIXES,
    SCALES,
    extractor_files,
)
from wganbench.report.site.files import page_files

min_version("9.0")
# Jobs find `wganbench` beside the Python that runs Snakemake, activated or not, unless Snakemake
# deploys their software itself.
BIN = shlex.quote(str(Path(sys.executable).parent))
# Those on this machine are forked by one server, its libraries loaded. A Slurm job's own Snakemake has
# one job, which starts as usual, and so do all with WGANBENCH_SERVER=no.
SERVER = (
    f"export {start.SERVER}='{secrets.token_hex(8)} {os.getpid()}'; "
    if workflow.is_main_process and os.environ.get(start.SERVER) != start.NO_SERVER
    else ""
)
shell.prefix(
    f'case "${{{{CONDA_PREFIX:-}}}}" in */.snakemake/conda/*) ;; *) export PATH={BIN}:$PATH ;; esac; '
    f"{SERVER}"
)


include: "pipelines/container.smk"


onstart:
    calm(workflow.scheduler)
    outlast(sys.modules.get("snakemake_executor_plugin_slurm"))


configfile: "params.yaml"


try:
    PARAMS = validated(config, "params.yaml or --config")
    BY_EXPERIMENT = PARAMS.possible_runs()
except UserError as error:
    raise WorkflowError(str(error)) from None

RUNS = {run.id: run for runs in BY_EXPERIMENT.values() for run in runs}
OF_SCALE = (SCALES / PARAMS.scale).as_posix()
DATA = {run.configuration.data.id: run.configuration.data for run in RUNS.values()}


wildcard_constraints:
    data=r"[a-z0-9][A-Za-z0-9_.-]*",
    run=r"[a-z0-9-]+/[A-Za-z0-9.-]+",
    experiment=r"[a-z0-9-]+",


include: "pipelines/common.smk"
include: "pipelines/data.smk"
include: "pipelines/train.smk"
include: "pipelines/measure.smk"
include: "pipelines/choose.smk"
include: "pipelines/report.smk"
include: "pipelines/claims.smk"


localrules:
    datasets,
    runs,
    tables,
    verdicts,
    pages,
    all,


# The targets of dvc.yaml's stages.
rule datasets:
    input:
        data_sets,


rule runs:
    input:
        of_every_run(trained),
        of_every_run(measured),


rule tables:
    input:
        rules.summary.output,


rule verdicts:
    input:
        rules.claims.output,


rule pages:
    input:
        rules.report.output,


rule all:
    default_target: True
    input:
        data_sets,
        of_every_run(trained),
        of_every_run(measured),
        rules.tables.input,
        rules.verdicts.input,
        rules.pages.input,
