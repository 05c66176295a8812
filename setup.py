"""What pyproject.toml cannot say: an installed wganbench carries the workflow that projects use."""

import shutil
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

# At the top of a checkout, where Snakemake and its users look; see wganbench/project/.
WORKFLOW = ("Snakefile", "pipelines", "params.yaml", "slurm", "profiles")


class WithWorkflow(build_py):
    """Builds the package with the workflow in it; an editable install finds it where it is."""

    def run(self) -> None:
        """Copy the workflow beside the modules."""
        super().run()
        if self.editable_mode:
            return
        carried = Path(self.build_lib) / "wganbench" / "project" / "carried"
        shutil.rmtree(carried, ignore_errors=True)
        carried.mkdir(parents=True)
        for name in WORKFLOW:
            copy = shutil.copytree if Path(name).is_dir() else shutil.copy
            copy(name, carried / name)


setup(cmdclass={"build_py": WithWorkflow})
