"""A project's folder: the workflow that it uses, and how a new one begins."""

import os
import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

from wganbench.errors import UserError
from wganbench.offered import FOLDER, PARAMS
from wganbench.records.layout import RAW

HERE = Path(__file__).parent
CARRIED = HERE / "carried"
# In a checkout the workflow lies at its top; setup.py puts it here in what is installed.
WORKFLOW = CARRIED if CARRIED.is_dir() else HERE.parents[1]
SNAKEFILE = WORKFLOW / "Snakefile"
NEW = HERE / "new"
COPIED = (str(PARAMS), "slurm", "profiles")  # of the workflow; the user's from then on


def new_project(folder: Path) -> None:
    """Write a new project's folder: params.yaml, an experiment, profiles and a Snakefile.

    Raises:
        UserError: there is something already.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UserError(f"{folder}: is there already; name an empty folder, or a new one")
    folder.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=folder.parent, prefix=".wganbench-") as temporary:
        made = Path(temporary) / "new"
        shutil.copytree(NEW, made)
        for name in COPIED:
            copy = shutil.copytree if (WORKFLOW / name).is_dir() else shutil.copy
            copy(WORKFLOW / name, made / name)
        for empty in (FOLDER, RAW):
            (made / empty).mkdir()
        os.replace(made, folder)  # noqa: PTH105 - Path.replace is for files
