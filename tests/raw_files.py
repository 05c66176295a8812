"""Small raw files in the layouts in which the image sets are published."""

import gzip
import hashlib
import io
import struct
from pathlib import Path

import lmdb
import numpy as np
from PIL import Image

RAW = Path("raw")  # from the working folder, which a test sets


def pixels(seed, *shape):
    return np.random.default_rng(seed).integers(0, 256, shape, dtype=np.uint8)


def idx(array) -> bytes:
    return struct.pack(f">HBB{array.ndim}I", 0, 8, array.ndim, *array.shape) + array.tobytes()


def write_idx_set(folder, train=30, test=20, compressed=True):
    """Write MNIST's four files; return images and labels of both parts."""
    folder.mkdir(parents=True, exist_ok=True)
    parts = {}
    for part, count in (("train", train), ("t10k", test)):
        images, labels = pixels(count, count, 28, 28), pixels(count, count) % 10
        for name, array in (("images-idx3", images), ("labels-idx1", labels)):
            content = idx(array)
            path = folder / f"{part}-{name}-ubyte{'.gz' if compressed else ''}"
            path.write_bytes(gzip.compress(content) if compressed else content)
        parts[part] = images, labels
    return parts


def write_cifar10(folder=RAW / "cifar10", count=6):
    """Write the binary version's six files; return their images and labels."""
    folder = folder / "cifar-10-batches-bin"
    folder.mkdir(parents=True)
    images, labels = pixels(0, 6, count, 3, 32, 32), pixels(1, 6, count) % 10
    for k, name in enumerate([*(f"data_batch_{k}" for k in range(1, 6)), "test_batch"]):
        rows = np.concatenate([labels[k][:, None], images[k].reshape(count, -1)], axis=1)
        (folder / f"{name}.bin").write_bytes(rows.tobytes())
    return images, labels


def smooth(seed, columns, rows):
    """Return a picture that survives lossy compression: colours that change slowly."""
    small = Image.fromarray(pixels(seed, 4, 4, 3))
    return small.resize((columns, rows), Image.Resampling.BICUBIC)


def write_celeba(folder=RAW / "celeba", count=30):
    """Write aligned faces and the list of parts; return each image's part by name."""
    (folder / "img_align_celeba").mkdir(parents=True)
    parts = {f"{k + 1:06d}.jpg": "0012"[k % 4] for k in range(count)}
    for k, name in enumerate(parts):
        smooth(k, 178, 218).save(folder / "img_align_celeba" / name, quality=95)
    lines = "".join(f"{name} {part}\n" for name, part in parts.items())
    (folder / "list_eval_partition.txt").write_text(lines)
    return parts


def encoded(image, kind) -> bytes:
    file = io.BytesIO()
    image.save(file, kind)
    return file.getvalue()


def write_lsun(count=40, folder=RAW / "lsun-bedrooms", size=(90, 70)):
    """Write LSUN's training LMDB: digests as keys, WebP and JPEG as values; return its folder."""
    database = folder / "bedroom_train_lmdb"
    database.mkdir(parents=True)
    with (
        lmdb.open(str(database), map_size=1 << 28) as environment,
        environment.begin(write=True) as transaction,
    ):
        for k in range(count):
            columns, rows = size if k % 2 else size[::-1]
            value = encoded(smooth(k, columns, rows), "WEBP" if k % 3 else "JPEG")
            transaction.put(hashlib.sha1(str(k).encode()).hexdigest().encode(), value)
    return database


def write_folder(name="flowers", count=20):
    """Write JPEGs in nested folders; return the folder."""
    folder = RAW / name
    for k in range(count):
        path = folder / f"group {k % 3}" / f"{k:03d}.jpg"
        path.parent.mkdir(parents=True, exist_ok=True)
        smooth(k, 80 + k, 70).save(path)
    return folder
