import os
import shlex
import sys
from pathlib import Path

from snakemake.utils import min_version

from wganbench.errors import UserError
from wganbench.plan.digest import (
    claims_code,
    data_code,
    extractor_code,
    fidelity_code,
    report_code,
    training_code,
    transport_code,
)
from wganbench.plan.params import validated
from wganbench.records.layout import (
    CLAIMS,
    EXTRACTORS,
    EXTRACTOR_SUFFIXES,
    FIDELITY,
    TRAINED,
    TRANSPORT,
    extractor_files,
    measured,
)
from wganbench.plan.resources import MEMORY, MINUTES, transport_memory
from wganbench.report.site.files import page_files

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
MEASUREMENTS = [
    f"results/runs/{id}/{file}"
    for id, run in RUNS.items()
    for file in measured(run.configuration, PARAMS.extractor)
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
include: "pipelines/claims.smk"


localrules:
    datasets,
    runs,
    tables,
    verdicts,
    pages,
    all,


# The targets of dvc.yaml's stages. They ask for files, not for rules: a rule that is asked for by
# its name runs again where its benchmark file, which is no product, is missing, as in a new clone.
rule datasets:
    input:
        expand("data/{data}.{file}", data=DATA, file=["npz", "json"]),


rule runs:
    input:
        expand("results/runs/{run}/{file}", run=RUNS, file=TRAINED),
        MEASUREMENTS,


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
        rules.datasets.input,
        rules.runs.input,
        rules.tables.input,
        rules.verdicts.input,
        rules.pages.input,
