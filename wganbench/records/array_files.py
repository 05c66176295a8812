"""Reading .npz files of arrays: every byte is checked, whatever the file holds."""

from pathlib import Path
from zipfile import ZIP_STORED, ZipFile

import numpy as np
from numpy.lib.format import read_array

from wganbench.errors import UserError
from wganbench.files import check_readable

SUFFIX = ".npy"


def read_arrays(path: Path, remedy: str, *, ours: bool = True) -> dict[str, np.ndarray]:
    """Return an .npz file's arrays after checking each against its checksum (CRC-32).

    numpy checks it only where an array's header is right about the array's length.

    Args:
        path: the file.
        remedy: what to do about a wrong one.
        ours: whether this project made it; nobody is told to delete a file of theirs.

    Raises:
        UserError: the file is missing or damaged, or holds something else.
    """
    check_readable(path, remedy, ours=ours)
    try:
        with ZipFile(path) as archive:
            if ours and any(m.compress_type != ZIP_STORED for m in archive.infolist()):
                raise ValueError("its arrays are compressed, as this project writes none")
            return {
                member.filename.removesuffix(SUFFIX): _array(archive, member.filename)
                for member in archive.infolist()
            }
    except Exception as error:  # zipfile and numpy answer damage with a dozen kinds
        reason = str(error).partition("\n")[0] or type(error).__name__
        wrong = f"is damaged ({reason}); delete it and" if ours else f"is no .npz file ({reason});"
        raise UserError(f"{path}: {wrong} {remedy}") from None


def _array(archive: ZipFile, name: str) -> np.ndarray:
    with archive.open(name) as member:
        array: np.ndarray = read_array(member, allow_pickle=False)
        if member.read(1):  # the end is where zipfile compares the checksum
            raise ValueError(f"{name} is longer than its header says")
    return array
