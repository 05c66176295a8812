"""Data files: `data/ID.npz` with the arrays and `data/ID.json`, the manifest with its sha256."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import prod
from mmap import ACCESS_READ, MADV_RANDOM, mmap
from os import SEEK_CUR
from pathlib import Path
from shutil import disk_usage
from typing import IO, TYPE_CHECKING, Annotated, Any
from zipfile import ZipFile

import numpy as np
from numpy.lib.format import (
    read_array_header_1_0,
    read_magic,
    write_array,
    write_array_header_1_0,
)
from pydantic import Field

from wganbench.errors import UserError
from wganbench.files import check_readable, sha256_of
from wganbench.plugins import Strict
from wganbench.records.json_files import read_json
from wganbench.records.node_local import nearest_copy

if TYPE_CHECKING:
    from jaxtyping import Float, Int, Shaped, UInt8

    from wganbench.data import DataSet
    from wganbench.plan.runs import Run

DATA = Path("data")
SCHEMA_VERSION = 2
# Of a member's local header (APPNOTE.TXT 4.3.7): where the lengths of the name and of the extra
# field stand, which are all that comes between these and the data.
ZIP_NAMES = 26


@dataclass(frozen=True)
class Arrays:
    """A data set's content; the model's law is there only for pairs of laws.

    `heldout` is what distances and held-out estimates refer to: any prefix of it represents the
    law, with equal counts per mode where the law is a mixture. Image sets may come as grey levels
    in 8 bits: x / 127.5 - 1 lies in [-1, 1]. Such an array may be mapped from a file that is larger
    than memory, so that a reader takes the part that it needs before it converts.
    """

    train: Shaped[np.ndarray, "n *shape"]
    heldout: Shaped[np.ndarray, "m *shape"]
    train_model: Float[np.ndarray, "n *shape"] | None = None
    heldout_model: Float[np.ndarray, "m *shape"] | None = None
    labels: Int[np.ndarray, " n"] | None = None
    heldout_labels: Int[np.ndarray, " m"] | None = None


@dataclass(frozen=True)
class Images:
    """8-bit images that are decoded one by one while they are written."""

    shape: tuple[int, int, int, int]  # image, channel, row, column
    decode: Callable[[], Iterator[UInt8[np.ndarray, "channel row column"]]]

    @property
    def nbytes(self) -> int:
        return prod(self.shape)


class Manifest(Strict):
    """What a data file holds, by which a reader knows a damaged or foreign one."""

    schema_version: Annotated[int, Field(description="Version of this schema.")]
    id: Annotated[str, Field(description="The data set's name and settings.")]
    settings: Annotated[dict[str, Any], Field(description="The data set as plain data.")]
    source: Annotated[str, Field(description="Where the law or the images come from.")]
    kind: Annotated[str, Field(description="law, pair or images.")]
    shapes: Annotated[dict[str, list[int]], Field(description="Shape of each array.")]
    sha256: Annotated[str, Field(description="Digest of the .npz file.")]
    code_digest: Annotated[str, Field(description="Digest of the modules that wrote it.")]
    raw: Annotated[
        str,
        Field(
            description="Digest of the raw files' names, sizes and times when it was made; empty "
            "where there were none, and in manifests of before 0.2."
        ),
    ] = ""


def read_data(data: DataSet, folder: Path = DATA) -> Arrays:
    """Return a data set's arrays after checking them against the manifest.

    8-bit images are mapped, not read. The check reads every byte however large the file is: that
    is one pass, at 1 to 2 GB/s or the disk's speed, and a training at the papers' size draws every
    image some twenty times. A large file on a network's disk is copied to the node's own first.

    Raises:
        UserError: a file is missing, damaged, of another data set or of another schema version.
    """
    path = folder / f"{data.id}.npz"
    manifest = _own_manifest(path)
    if manifest.settings != data.identity():
        raise UserError(f"{path.with_suffix('.json')}: describes another data set; {_remedy(path)}")
    near = nearest_copy(path, manifest.sha256)
    if near == path:
        _check_bytes(path, manifest)
    with np.load(near, allow_pickle=False) as arrays:
        mapped = _mapped_images(near)
        return Arrays(**{key: mapped[key] if key in mapped else arrays[key] for key in arrays})


def check_file(path: Path) -> Manifest:
    """Return a data file's manifest if the file's sha256 is the one in it.

    Raises:
        UserError: one of the two is missing or damaged.
    """
    manifest = _own_manifest(path)
    _check_bytes(path, manifest)
    return manifest


def _check_bytes(path: Path, manifest: Manifest) -> None:
    if sha256_of(path) != manifest.sha256:
        raise UserError(f"{path}: is damaged, its sha256 is not the manifest's; {_remedy(path)}")


def _own_manifest(path: Path) -> Manifest:
    """Return the manifest of a data file that is there, unchecked against its bytes."""
    manifest = read_manifest(path)
    if manifest.id != path.stem:
        raise UserError(
            f"{path.with_suffix('.json')}: id: is that of another data set, {manifest.id}; "
            f"{_remedy(path)}"
        )
    check_readable(path, _remedy(path))
    return manifest


def _remedy(path: Path) -> str:
    return f"run `wganbench data {path.stem}`"


def read_manifest(path: Path) -> Manifest:
    """Return a data file's manifest, unchecked against the file.

    Raises:
        UserError: it is missing, damaged or of another schema version.
    """
    return read_json(path.with_suffix(".json"), Manifest, SCHEMA_VERSION, _remedy(path))


def raw_state(data: DataSet, path: Path) -> str:
    """Return the state of a data set's raw files, or that they were made from if they are gone.

    Once a set is made its raw files may go.
    """
    if not data.raw_files():
        return ""
    if state := data.raw_state():
        return state
    try:
        return read_manifest(path).raw
    except UserError:
        return ""


def check_samples(run: Run, heldout: int) -> None:
    """Check that a data set holds out as many samples as a run asks for.

    Raises:
        UserError: it does not, which the plan could not know.
    """
    asked, data = run.configuration.samples, run.configuration.data
    if asked > heldout:
        raise UserError(
            f"{run.id}: samples: {asked} held-out samples are asked for, and {data.id} has "
            f"{heldout}; set samples: {heldout}, or fewer, in the experiment's file"
        )


def check_space(path: Path, needed: int) -> None:
    """Check that a file of so many bytes fits on its disk.

    Raises:
        UserError: it does not.
    """
    free = disk_usage(path.parent).free
    if needed > free:
        raise UserError(f"{path}: needs {needed / 1e9:.1f} GB, {free / 1e9:.1f} GB are free there")


def write_npz(path: Path, columns: dict[str, np.ndarray | Images]) -> None:
    """Write the bytes that `numpy.savez` would, uncompressed, without holding the images."""
    with ZipFile(path, "w") as archive:
        for name, column in columns.items():
            with archive.open(f"{name}.npy", "w", force_zip64=True) as member:
                if isinstance(column, Images):
                    _write_images(member, name, column)
                else:
                    write_array(member, column, allow_pickle=False)


def _write_images(member: IO[bytes], name: str, images: Images) -> None:
    from rich.console import Console
    from rich.progress import track

    header = {"descr": "|u1", "fortran_order": False, "shape": images.shape}
    write_array_header_1_0(member, header)
    written = 0
    console = Console(stderr=True)
    for image in track(
        images.decode(), name, images.shape[0], console=console, disable=not console.is_terminal
    ):
        assert image.shape == images.shape[1:], (image.shape, images.shape)
        assert image.dtype == np.uint8, image.dtype
        member.write(image.tobytes())
        written += 1
    assert written == images.shape[0], (written, images.shape)


def _mapped_images(path: Path) -> dict[str, np.ndarray]:
    """Return the .npz file's 8-bit arrays, read from the disk where they are looked at.

    numpy maps no member of an .npz file, but an uncompressed one lies in it as it is.
    """
    images: dict[str, np.ndarray] = {}
    with ZipFile(path) as archive, path.open("rb") as file:
        # Read-only: Linux refuses a private copy of a file that is larger than memory.
        mapped = mmap(file.fileno(), 0, access=ACCESS_READ)
        # Batches are drawn at random; read ahead, as files are by default, each image of a file
        # that is larger than memory costs 24 times its bytes.
        mapped.madvise(MADV_RANDOM)
        for member in archive.infolist():
            file.seek(member.header_offset + ZIP_NAMES)
            file.seek(sum(struct.unpack("<HH", file.read(4))), SEEK_CUR)
            read_magic(file)
            shape, _, dtype = read_array_header_1_0(file)
            if dtype == np.uint8:
                flat = np.frombuffer(mapped, dtype, prod(shape), file.tell())
                images[member.filename.removesuffix(".npy")] = flat.reshape(shape)
    return images
