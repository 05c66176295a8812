"""MNIST and Fashion-MNIST: 28x28 grey images in 10 classes."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Literal

import numpy as np

from wganbench.data import Images
from wganbench.data.raw_images import RawImages, Size
from wganbench.errors import UserError
from wganbench.files import sha256_of
from wganbench.records.layout import RAW

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jaxtyping import Int, UInt8

SIZE = 28
CLASSES = 10
# Two black pixels on every side, as LeNet-5 had them (LeCun et al. 1998): 32x32 with every pixel as
# published, where resizing would make up new ones. Both sets have a black background.
PADDING = 2
FILES = tuple(
    f"{part}-{kind}-ubyte" for part in ("train", "t10k") for kind in ("images-idx3", "labels-idx1")
)


class _Idx(RawImages):
    """Images and labels in IDX files; the official test set is held out."""

    size: Size = 32
    channels: ClassVar[int] = 1
    labelled: ClassVar[bool] = True
    heldout_size: ClassVar[int | None] = 10_000
    torchvision: ClassVar[str]  # torchvision's class, and the folder that it makes
    # sha256 of FILES as published: torchvision compares MD5, which is easy to forge.
    published: ClassVar[tuple[str, ...]]
    installed: ClassVar[tuple[Path, ...]] = ()

    def alternatives(self) -> list[list[Path]]:
        own = RAW / self.name
        folders = (own, own / self.torchvision / "raw", *self.installed)
        return [
            [folder / f"{name}{suffix}" for name in FILES]
            for folder in folders
            for suffix in (".gz", "")
        ]

    def columns(self, rng: np.random.Generator) -> dict[str, np.ndarray | Images]:
        """Return the official training set, and the official test set in random order.

        Raises:
            UserError: a raw file is missing or damaged.
        """
        paths = self.found()
        train, labels = _read(*paths[:2])
        heldout, heldout_labels = _read(*paths[2:])
        # MNIST's first 5,000 test digits are the easier ones: as published, no prefix would do.
        order = rng.permutation(len(heldout))
        return {
            "train": self.images(len(train), lambda: self._padded(train)),
            "heldout": self.images(len(heldout), lambda: self._padded(heldout[order])),
            "labels": labels,
            "heldout_labels": heldout_labels[order],
        }

    def download(self) -> None:
        """Let torchvision fetch the four files.

        Raises:
            UserError: it could not.
        """
        import torchvision

        if not self.missing():
            return
        try:
            getattr(torchvision.datasets, self.torchvision)(RAW / self.name, download=True)
        except (OSError, RuntimeError) as error:
            raise UserError(f"{self.name}: the download failed ({error}); {self.advice}") from None
        self._check_download(RAW / self.name / self.torchvision / "raw")

    def _check_download(self, folder: Path) -> None:
        """Take away what was fetched unless all of it is what was published."""
        for name, digest in zip(FILES, self.published, strict=True):
            path = folder / f"{name}.gz"
            if path.is_file() and sha256_of(path) == digest:
                continue
            shutil.rmtree(folder)
            raise UserError(f"{path}: is not the published file, so the download was removed")

    def _padded(
        self, images: UInt8[np.ndarray, "n row column"]
    ) -> Iterator[UInt8[np.ndarray, "1 size size"]]:
        from wganbench.data.raw.pixels import resized

        for image in images:
            yield resized(np.pad(image, PADDING)[None], self.size)


class MNIST(_Idx):
    """Handwritten digits, padded with black to 32x32; other sizes are resized from there."""

    name: Literal["mnist"] = "mnist"
    source: ClassVar[str] = "LeCun, Cortes, Burges: the MNIST database of handwritten digits"
    torchvision: ClassVar[str] = "MNIST"
    published: ClassVar[tuple[str, ...]] = (
        "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609",
        "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c",
        "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6",
        "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6",
    )
    advice: ClassVar[str] = (
        "put MNIST's four IDX files into raw/mnist/ or add --download to `wganbench data`"
    )


class FashionMNIST(_Idx):
    """Pictures of clothes, padded with black to 32x32; other sizes are resized from there."""

    name: Literal["fashion-mnist"] = "fashion-mnist"
    source: ClassVar[str] = "Xiao, Rasul, Vollgraf 2017 (arXiv 1708.07747)"
    torchvision: ClassVar[str] = "FashionMNIST"
    published: ClassVar[tuple[str, ...]] = (
        "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84",
        "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845",
        "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073",
        "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5",
    )
    installed: ClassVar[tuple[Path, ...]] = (Path("/usr/share/datasets/fashion-mnist"),)
    advice: ClassVar[str] = (
        "install Debian's package dataset-fashion-mnist, put the four IDX files into "
        "raw/fashion-mnist/ or add --download to `wganbench data`"
    )


def _read(
    images: Path, labels: Path
) -> tuple[UInt8[np.ndarray, "n row column"], Int[np.ndarray, " n"]]:
    from wganbench.data.raw.idx import read_idx

    pixels, classes = read_idx(images, 3), read_idx(labels, 1)
    if pixels.shape[1:] != (SIZE, SIZE) or not len(pixels):
        raise UserError(f"{images}: holds no {SIZE}x{SIZE} images but {pixels.shape}; replace it")
    if len(pixels) != len(classes):
        raise UserError(f"{labels}: has {len(classes)} labels for {len(pixels)} images; replace it")
    if classes.max() >= CLASSES:
        raise UserError(f"{labels}: has a label above {CLASSES - 1}; replace it")
    return pixels, classes.astype(np.int64)
