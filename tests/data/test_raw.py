"""Raw files of every kind against the libraries that are known to read them; damaged ones."""

import gzip
import itertools
import os
import struct

import lmdb
import numpy as np
import pytest
from PIL import Image, ImageOps
from PIL.PngImagePlugin import PngInfo
from raw_files import RAW, encoded, idx, pixels, smooth, write_lsun

from wganbench.data.raw.folders import SUFFIXES, folders_below, image_files, left_out
from wganbench.data.raw.idx import read_idx
from wganbench.data.raw.lmdb_images import count_values, values_at
from wganbench.data.raw.pixels import centre, read_image, resized, square
from wganbench.errors import UserError


@pytest.fixture(autouse=True)
def _folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize("shape", [(5, 28, 28), (7,), (3, 4, 5)])
@pytest.mark.parametrize("suffix", ["", ".gz"])
def test_idx_files_are_read_as_torchvision_reads_them(tmp_path, shape, suffix):
    from torchvision.datasets.mnist import read_sn3_pascalvincent_tensor

    array = pixels(0, *shape)
    plain, path = tmp_path / "plain", tmp_path / f"file{suffix}"
    plain.write_bytes(idx(array))
    path.write_bytes(gzip.compress(idx(array)) if suffix else idx(array))
    np.testing.assert_array_equal(read_idx(path, len(shape)), array)
    np.testing.assert_array_equal(read_sn3_pascalvincent_tensor(plain).numpy(), array)


IDX_DAMAGE = [
    lambda good: b"", lambda good: good[:3], lambda good: good[:12], lambda good: good[:-1],
    lambda good: good + b"0", lambda good: b"\0\0\x0d" + good[3:], lambda good: b"P" + good[1:],
]  # fmt: skip


@pytest.mark.parametrize("damage", IDX_DAMAGE)
@pytest.mark.parametrize("suffix", ["", ".gz"])
def test_a_damaged_idx_file_is_named(tmp_path, damage, suffix):
    path = tmp_path / f"file{suffix}"
    content = damage(idx(pixels(0, 2, 3, 4)))
    path.write_bytes(gzip.compress(content) if suffix else content)
    with pytest.raises(UserError, match=f"{path}: .*replace it"):
        read_idx(path, 3)


@pytest.mark.parametrize("damage", [lambda c: c[:-20], lambda c: c[:50] + b"?" * 9 + c[59:]])
def test_a_damaged_compressed_file_is_named(tmp_path, damage):
    path = tmp_path / "file.gz"
    path.write_bytes(damage(gzip.compress(idx(pixels(0, 20, 28, 28)))))
    with pytest.raises(UserError, match=f"{path}: .*replace it"):
        read_idx(path, 3)


SIDES = [16, 17, 31, 64, 100, 178, 257, 341]


@pytest.mark.parametrize("size", [16, 32, 64])
@pytest.mark.parametrize("channels", [1, 3])
def test_images_are_made_square_as_torchvision_does_it(size, channels):
    from torchvision.transforms import functional

    for columns, rows in itertools.product(SIDES, SIDES):
        array = pixels(columns, rows, columns, 3)
        image = Image.fromarray(array[:, :, 0] if channels == 1 else array)
        cut = np.asarray(functional.center_crop(functional.resize(image, size), [size, size]))
        expected = cut[None] if channels == 1 else cut.transpose(2, 0, 1)
        np.testing.assert_array_equal(square(image, size), expected)
        if min(columns, rows) >= 64:
            expected = functional.center_crop(image, [63, 63])
            np.testing.assert_array_equal(np.asarray(centre(image, 63)), np.asarray(expected))


def test_a_square_image_of_the_right_size_keeps_its_pixels():
    array = pixels(0, 3, 32, 32)
    np.testing.assert_array_equal(resized(array, 32), array)
    assert resized(array, 64).shape == (3, 64, 64)
    assert resized(array[:1], 16).shape == (1, 16, 16)


def read(image, channels=3, kind="PNG"):
    return np.asarray(read_image(encoded(image, kind), "it", channels)).astype(int)


RED = Image.new("RGB", (9, 5), (255, 0, 0))


def test_images_of_every_mode_become_grey_or_colour():
    blank = Image.new("RGBA", RED.size, (0, 255, 0, 0))
    half = Image.new("RGBA", RED.size, (255, 0, 0, 128))
    palette = RED.convert("P")
    see_through = palette.copy()
    see_through.info["transparency"] = palette.getpixel((0, 0))
    grey = Image.new("L", RED.size, 100)
    deep = Image.fromarray(np.full((5, 9), 100 * 256 + 7, dtype=np.uint16))
    assert deep.mode == "I;16"
    cases = [
        (RED, (255, 0, 0)), (palette, (255, 0, 0)), (grey, (100, 100, 100)),
        (deep, (100, 100, 100)), (Image.new("1", RED.size, 1), (255, 255, 255)),
        (blank, (255, 255, 255)), (half, (255, 127, 127)), (see_through, (255, 255, 255)),
        (Image.new("LA", RED.size, (100, 0)), (255, 255, 255)),
    ]  # fmt: skip
    for image, colour in cases:
        found = read(image)
        assert found.shape == (5, 9, 3)
        assert np.abs(found - colour).max() <= 1, image.mode
        assert read(image, channels=1).shape == (5, 9)
    assert read(RED, channels=1)[0, 0] == 76  # ITU-R 601 luma of red: 0.299
    for image in (RED.convert("CMYK"), RED):
        assert np.abs(read(image, kind="JPEG") - (255, 0, 0)).max() <= 3


def test_photographs_are_turned_upright():
    image = Image.fromarray(pixels(0, 20, 30, 3))
    exif = Image.Exif()
    exif[0x0112] = 6  # orientation: to be turned by 90 degrees clockwise
    image.save("turned.png", exif=exif)
    found = np.asarray(read_image(RAW.parent / "turned.png", "it", 3))
    np.testing.assert_array_equal(found, np.rot90(np.asarray(image), -1))


JPEG, PNG, WEBP = (encoded(smooth(0, 120, 90), kind) for kind in ("JPEG", "PNG", "WEBP"))
BAD_IMAGES = {
    "empty": b"", "text": b"this is no image", "half a JPEG": JPEG[: len(JPEG) // 2],
    "head of a JPEG": JPEG[:20], "half a PNG": PNG[: len(PNG) // 2], "head of a PNG": PNG[:20],
    "half a WebP": WEBP[: len(WEBP) // 2],
    "damaged PNG": PNG[:60] + bytes(40) + PNG[100:],
    "32 bits a pixel": encoded(Image.new("F", (8, 8)), "TIFF"),
}  # fmt: skip


def test_an_odd_tag_beside_the_pixels_is_no_reason_to_refuse_them():
    """A resolution that is a text; Pillow cannot write such tags again, as it does to turn."""
    entries = [(0x0112, 3, 1, b"\6\0\0\0"), (0x011A, 2, 3, b"72\0\0")]
    body = b"".join(struct.pack("<HHI4s", *entry) for entry in entries)
    exif = b"Exif\0\0II*\0" + struct.pack("<IH", 8, len(entries)) + body + bytes(4)
    smooth(0, 16, 24).save("odd.jpg", exif=exif, quality=95)
    with pytest.raises(Exception):  # noqa: B017 - of no kind that is promised
        ImageOps.exif_transpose(Image.open("odd.jpg"))
    found = np.asarray(read_image(RAW.parent / "odd.jpg", "it", 3))
    np.testing.assert_array_equal(found, np.rot90(np.asarray(Image.open("odd.jpg")), -1))


def test_a_long_text_beside_the_pixels_is_none_either():
    image, text = Image.fromarray(pixels(0, 8, 8, 3)), PngInfo()
    text.add_text("notes", "x" * 5_000_000, zip=True)
    image.save("text.png", pnginfo=text)
    found = np.asarray(read_image(RAW.parent / "text.png", "it", 3))
    np.testing.assert_array_equal(found, np.asarray(image))


def test_a_broken_exif_leaves_an_image_as_it_is(tmp_path, monkeypatch):
    Image.fromarray(np.zeros((3, 4), np.uint8)).save(tmp_path / "x.png")

    def broken(self):
        raise ZeroDivisionError("a resolution over nothing")

    monkeypatch.setattr(Image.Image, "getexif", broken)
    assert read_image(tmp_path / "x.png", "x.png", 1).size == (4, 3)


def test_sixteen_bits_become_eight_in_png_and_pgm_and_twelve_are_told(tmp_path, capsys):
    levels = (np.arange(12).reshape(3, 4) * 5000).astype(np.uint16)
    Image.fromarray(levels).save(tmp_path / "x.png")
    (tmp_path / "x.pgm").write_bytes(b"P5 4 3 65535\n" + levels.astype(">u2").tobytes())
    for name in ("x.png", "x.pgm"):
        found = np.asarray(read_image(tmp_path / name, str(tmp_path / name), 1))
        np.testing.assert_array_equal(found, levels >> 8)
    assert capsys.readouterr().err == ""
    Image.fromarray(levels // 16).save(tmp_path / "dark.png")
    for _ in range(2):
        read_image(tmp_path / "dark.png", str(tmp_path / "dark.png"), 1)
    told = capsys.readouterr().err
    assert told.count("if they are of 12 bits, multiply them by 16") == 1


@pytest.mark.parametrize("content", BAD_IMAGES.values(), ids=BAD_IMAGES)
def test_what_is_no_whole_image_is_named_in_one_line(content):
    with pytest.raises(UserError) as raised:
        read_image(content, "holidays/béach.jpg", 3)
    said = str(raised.value)
    assert said.startswith("holidays/béach.jpg: cannot be read as an image (")
    assert "0x" not in said  # no address of an object in memory
    assert "\n" not in said


def test_an_absurdly_large_image_is_refused(monkeypatch):
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 100)
    with pytest.raises(UserError, match=r"it: cannot be read .*decompression bomb"):
        read_image(PNG, "it", 3)


def test_values_of_an_lmdb_are_torchvisions_in_its_order(monkeypatch, tmp_path):
    from torchvision.datasets.lsun import LSUNClass

    database = write_lsun(12)
    assert count_values(database) == 12
    images = [
        read_image(value, key, 3) for key, value in values_at(database, np.ones(12, dtype=bool))
    ]
    expected = LSUNClass(str(database))
    for k, image in enumerate(images):
        np.testing.assert_array_equal(np.asarray(image), np.asarray(expected[k][0]))
    expected.env.close()
    some = np.arange(12) % 5 == 2
    keys = [key for key, _ in values_at(database, some)]
    assert [key.encode() for key in keys] == [expected.keys[k] for k in (2, 7)]


@pytest.mark.parametrize("kept", [0, 100, 8192, 3 * 4096, -4096])
def test_a_truncated_database_is_refused_and_kills_no_process(kept):
    database = write_lsun(30)
    file = database / "data.mdb"
    with lmdb.open(str(database)) as environment:
        pages = environment.info()["last_pgno"] + 1
    os.truncate(file, kept if kept >= 0 else pages * 4096 + kept)
    with pytest.raises(UserError, match=f"{file}: is (truncated|damaged)"):
        list(values_at(database, np.ones(30, dtype=bool)))


def test_a_database_of_something_else_is_refused():
    database = write_lsun(2)
    (database / "data.mdb").write_bytes(b"not a database" * 1000)
    with pytest.raises(UserError, match=r"data\.mdb: is damaged"):
        count_values(database)


# Of the main database in an LMDB's two meta pages: page header, magic, version, address, map size,
# the other database's record, and this one's up to its entries.
ENTRIES = [page * 4096 + 16 + 4 + 4 + 8 + 8 + 48 + 32 for page in (0, 1)]


@pytest.mark.parametrize("told", [0, 29, 31])
def test_a_database_with_another_number_of_keys_than_it_says_is_refused(told):
    database = write_lsun(30)
    rewrite(database / "data.mdb", ENTRIES, told)
    with pytest.raises(UserError, match=r"data\.mdb: is damaged \(holds another number of keys"):
        list(values_at(database, np.ones(count_values(database), dtype=bool)))


def test_a_database_that_says_it_holds_more_keys_than_have_room_is_refused():
    database = write_lsun(30)
    rewrite(database / "data.mdb", ENTRIES, 2**40)
    with pytest.raises(UserError, match=r"says that it holds 1,099,511,627,776 keys"):
        count_values(database)


def rewrite(file, offsets, number):
    content = bytearray(file.read_bytes())
    for offset in offsets:
        content[offset : offset + 8] = number.to_bytes(8, "little")
    file.write_bytes(content)


def test_a_folders_images_are_found_in_byte_order_whatever_else_lies_there():
    from torchvision.datasets.folder import IMG_EXTENSIONS

    assert set(SUFFIXES) == set(IMG_EXTENSIONS)
    names = ["z.jpg", "a b/Ü.PNG", "a b/文.webp", "A/x.JPEG", "a b/c/d.tif"]
    others = ["readme.txt", "a b/._Ü.PNG", ".cache/x.jpg", "A/x.jpg.part", "Thumbs.db"]
    for name in names + others:
        path = RAW / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"")
    assert image_files(RAW)[0] == ["A/x.JPEG", "a b/c/d.tif", "a b/Ü.PNG", "a b/文.webp", "z.jpg"]
    assert folders_below(RAW) == [str(RAW / name) for name in ("", "A", "a b", "a b/c")]


def test_what_is_left_out_is_counted_and_what_is_lost_is_refused(tmp_path):
    RAW.mkdir(parents=True)
    for name in ("a.jpg", "b.txt", "c.txt", "d.gif", "README", ".hidden"):
        (RAW / name).write_bytes(b"")
    found, others = image_files(RAW)
    assert found == ["a.jpg"]
    assert others == {".txt": 2, ".gif": 1, "no suffix": 1}
    assert left_out(others).startswith("4 files are left out, by their names no images (.txt 2, ")
    assert left_out(type(others)()) == ""
    (RAW / "gone").symlink_to(tmp_path / "nowhere")
    with pytest.raises(UserError, match="gone: is a link to nothing; mend it, or take it away"):
        image_files(RAW)


def test_a_folder_that_may_not_be_read_is_refused(monkeypatch):
    RAW.mkdir(parents=True)
    (RAW / "below").mkdir()

    def denied(path):
        if str(path).endswith("below"):
            raise PermissionError(13, "Permission denied", str(path))
        return os_scandir(path)

    os_scandir = os.scandir
    monkeypatch.setattr(os, "scandir", denied)
    with pytest.raises(UserError, match=r"below: cannot be read \(Permission denied\)"):
        image_files(RAW)


def test_links_to_folders_are_followed_once(tmp_path):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "x.jpg").write_bytes(b"")
    RAW.mkdir(parents=True)
    (RAW / "linked").symlink_to(elsewhere)
    (elsewhere / "back").symlink_to(RAW.resolve())
    assert image_files(RAW)[0] == ["linked/x.jpg"]
