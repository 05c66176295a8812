# For `snakemake --software-deployment-method apptainer`; see container.def.
from snakemake.settings.types import DeploymentMethod

IMAGE = "wganbench.sif"


container: IMAGE


if DeploymentMethod.APPTAINER in workflow.deployment_settings.deployment_method:
    if not os.path.exists(IMAGE):
        raise WorkflowError(
            f"{IMAGE}: is missing; build it in a checkout: "
            f"apptainer build {IMAGE} pipelines/container.def"
        )
    # The image's software in place of this Python's, and no server: it would have to outlive the
    # container of the job that started it. A checkout's code is its own, so that an edit counts.
    shell.prefix("[ ! -e wganbench/__init__.py ] || export PYTHONPATH=$PWD; ")
