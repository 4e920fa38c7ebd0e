"""Picture files of every kind become (H, W, 3) uint8, or one line that says why not."""

import io

import numpy as np
import pytest
from PIL import Image, ImageOps

from cs231nlib import picture_files, utils
from cs231nlib.pictures import imread, imresize, imsave

RNG = np.random.default_rng(0)
NOISE = RNG.integers(0, 256, (13, 17, 3), dtype=np.uint8)
GREY = NOISE[..., 0]
RAMP = np.arange(0, 65536, 1024, dtype=np.uint16).reshape(8, 8)


def saved(folder, image, name, **options):
    path = folder / name
    image.save(path, **options)
    return path


def grey(picture):
    assert (picture == picture[..., :1]).all()
    return picture[..., 0]


@pytest.mark.parametrize("suffix", [".png", ".bmp", ".tiff"])
def test_what_was_written_is_read_again(tmp_path, suffix):
    imsave(tmp_path / f"a{suffix}", NOISE)
    back = imread(tmp_path / f"a{suffix}")
    assert back.dtype == np.uint8 and back.flags.writeable and back.flags.c_contiguous
    np.testing.assert_array_equal(back, NOISE)
    imsave(str(tmp_path / f"b{suffix}"), GREY)
    np.testing.assert_array_equal(grey(imread(str(tmp_path / f"b{suffix}"))), GREY)


def test_a_jpeg_looks_the_same(tmp_path):
    smooth = np.stack(np.broadcast_arrays(np.arange(64)[:, None] * 4, np.arange(64) * 4, 90), -1).astype(
        np.uint8
    )
    imsave(tmp_path / "a.jpg", smooth)
    assert np.abs(imread(tmp_path / "a.jpg").astype(int) - smooth).max() < 12


def test_grey_black_and_white_and_palette_become_rgb(tmp_path):
    np.testing.assert_array_equal(grey(imread(saved(tmp_path, Image.fromarray(GREY), "grey.png"))), GREY)
    bits = Image.fromarray(GREY).point(lambda v: 255 * (v > 99), mode="1")
    np.testing.assert_array_equal(
        grey(imread(saved(tmp_path, bits, "bits.png"))), np.where(GREY > 99, 255, 0)
    )
    few = Image.fromarray(NOISE).quantize(16)
    expected = np.asarray(few.convert("RGB"))
    for name in ("few.png", "few.gif"):
        np.testing.assert_array_equal(imread(saved(tmp_path, few, name)), expected)


def test_sixteen_bits_keep_black_black_and_white_white(tmp_path):
    RAMP[-1, -1] = 65535
    for name in ("deep.png", "deep.tiff"):
        seen = grey(imread(saved(tmp_path, Image.fromarray(RAMP), name)))
        np.testing.assert_array_equal(seen, np.rint(RAMP / 257))
    assert seen[0, 0] == 0 and seen[-1, -1] == 255 and len(np.unique(seen)) > 60


def test_cmyk_comes_out_in_its_colours(tmp_path):
    red = Image.new("CMYK", (16, 16), (0, 255, 255, 0))
    for name in ("red.jpg", "red.tiff"):
        assert np.abs(imread(saved(tmp_path, red, name)).astype(int) - (255, 0, 0)).max() < 40


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P"])
def test_what_is_transparent_shows_white(tmp_path, mode):
    alpha = Image.fromarray(np.full((4, 6, 4), (0, 0, 0, 255), np.uint8), "RGBA")
    alpha.putpixel((2, 1), (0, 0, 0, 0))
    if mode == "P":
        flat = Image.new("P", (6, 4), 1)
        flat.putpalette([0, 0, 0] * 2)
        flat.putpixel((2, 1), 0)
        path = saved(tmp_path, flat, "a.png", transparency=0)
    else:
        path = saved(tmp_path, alpha.convert(mode), "a.png")
    seen = grey(imread(path))
    assert seen[1, 2] == 255 and seen.sum() == 255


def test_half_transparent_is_half_way_to_white(tmp_path):
    half = Image.new("RGBA", (2, 2), (100, 0, 0, 51))
    assert imread(saved(tmp_path, half, "a.png"))[0, 0].tolist() == [224, 204, 204]


def test_of_an_animation_the_first_picture_is_read(tmp_path):
    first, second = Image.new("RGB", (5, 4), "red"), Image.new("RGB", (5, 4), "blue")
    for name in ("a.gif", "a.png", "a.webp"):
        path = saved(tmp_path, first, name, save_all=True, append_images=[second], **LOSSLESS.get(name, {}))
        assert Image.open(path).n_frames == 2
        np.testing.assert_array_equal(imread(path), np.asarray(first))


LOSSLESS = {"a.webp": {"lossless": True}}


@pytest.mark.parametrize("mode", ["RGB", "L", "P"])
@pytest.mark.parametrize("held", range(1, 9))
def test_a_photo_stands_upright_however_the_camera_was_held(tmp_path, held, mode):
    exif = Image.Exif()
    exif[0x0112] = held
    image = Image.fromarray(NOISE).quantize(64) if mode == "P" else Image.fromarray(NOISE).convert(mode)
    path = saved(tmp_path, image, "a.png", exif=exif)
    expected = np.asarray(ImageOps.exif_transpose(Image.open(path)).convert("RGB"))
    np.testing.assert_array_equal(imread(path), expected)
    assert expected.shape[:2] == ((13, 17) if held < 5 else (17, 13))


def bomb(width, height):
    """A small, valid PNG that says it is huge."""
    out = io.BytesIO()
    Image.new("1", (width, height)).save(out, "PNG")
    return out.getvalue()


@pytest.mark.parametrize("size", [(10_000, 5_001), (10_000, 9_000), (20_000, 9_000)])
def test_a_bomb_is_not_unpacked(tmp_path, size):
    path = tmp_path / "bomb.png"
    path.write_bytes(bomb(*size))
    assert path.stat().st_size < 100_000
    with pytest.raises(ValueError, match=r"bomb.png is larger than 50,000,000 pixels"):
        imread(path)


def test_a_large_photo_is_read(tmp_path):
    (tmp_path / "large.png").write_bytes(bomb(10_000, 1_200))
    assert imread(tmp_path / "large.png").shape == (1_200, 10_000, 3)


def test_a_huge_file_is_not_even_read(tmp_path):
    path = tmp_path / "huge.png"
    with path.open("wb") as file:
        file.truncate(picture_files.MOST_BYTES + 1)
    with pytest.raises(ValueError, match=r"100,000,001 bytes; imread takes up to 100,000,000"):
        imread(path)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "is empty"),
        (b"<!DOCTYPE html><title>not found", r"not a picture that imread knows \(a web page\)"),
        (b"\x00\x00\x00\x18ftypheic" + bytes(99), "HEIC.*export it as JPEG"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "not a picture that imread knows: PNG"),
        (b"version https://git-lfs.github.com/spec/v1\n", "not a picture"),
    ],
)
def test_what_is_no_picture_says_what_it_is(tmp_path, data, message):
    (tmp_path / "cat.jpg").write_bytes(data)
    with pytest.raises(ValueError, match=message) as seen:
        imread(tmp_path / "cat.jpg")
    assert "\n" not in str(seen.value) and "cat.jpg" in str(seen.value)


@pytest.mark.filterwarnings("ignore::UserWarning")
@pytest.mark.parametrize("suffix", [".png", ".jpg", ".gif", ".webp", ".tiff", ".bmp"])
def test_a_damaged_picture_is_a_result_or_one_line(tmp_path, suffix):
    whole = saved(tmp_path, Image.fromarray(NOISE.repeat(4, 0).repeat(4, 1)), f"whole{suffix}").read_bytes()
    path, refused = tmp_path / f"torn{suffix}", 0
    for i in range(120):
        torn = bytearray(whole[: RNG.integers(1, len(whole))] if i % 2 else whole)
        for at in RNG.integers(0, len(torn), i // 8):
            torn[at] = RNG.integers(256)
        path.write_bytes(torn)
        try:
            seen = imread(path)
            assert seen.dtype == np.uint8 and seen.ndim == 3 and seen.shape[-1] == 3
        except ValueError as error:
            refused += 1
            assert str(error).startswith(str(path)) and "\n" not in str(error)
    assert refused > 30


def test_a_picture_cut_off_says_that_it_is_damaged(tmp_path):
    path = saved(tmp_path, Image.fromarray(NOISE), "cat.png")
    path.write_bytes(path.read_bytes()[:-60])
    with pytest.raises(ValueError, match=r"cat.png is damaged: .*Download or copy it again"):
        imread(path)


def test_numbers_without_a_white_are_refused(tmp_path):
    path = saved(tmp_path, Image.fromarray(np.ones((3, 3), np.float32)), "height.tiff")
    with pytest.raises(ValueError, match="32-bit numbers without a white"):
        imread(path)


def test_a_wrong_name_shows_the_right_ones(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    imsave("kitten.png", NOISE)
    with pytest.raises(FileNotFoundError, match=r"no kiten.png here. The pictures in .*: kitten.png\."):
        imread("kiten.png")
    with pytest.raises(FileNotFoundError, match="no https:/"):
        imread("https://example.org/cat.png")
    with pytest.raises(ValueError, match="not a file"):
        imread(tmp_path)


@pytest.mark.parametrize(
    ("picture", "message"),
    [
        (NOISE / 255, r"uint8, 0 to 255; this one is float64 from 0 to 1\. Scale it"),
        (NOISE.astype(int), "int64 from 0 to 255"),
        (NOISE[None], r"shape \(H, W, 3\) or \(H, W\); this one has \(1, 13, 17, 3\)"),
        (NOISE[..., :2], "this one has"),
        (NOISE[:0], "this one has"),
        ("cat.png", "this one is <U7"),
    ],
)
def test_only_bytes_of_the_right_shape_are_written_or_resized(tmp_path, picture, message):
    for act in (lambda: imsave(tmp_path / "a.png", picture), lambda: imresize(picture, 0.5)):
        with pytest.raises(ValueError, match=message):
            act()
    assert not (tmp_path / "a.png").exists()


def test_an_ending_that_is_no_picture_is_refused(tmp_path):
    for name in ("a.heic", "a"):
        with pytest.raises(ValueError, match=r"imsave writes .png, .jpg"):
            imsave(tmp_path / name, NOISE)


def test_resizing_takes_height_first_and_averages():
    board = np.indices((64, 64)).sum(0) % 2 * np.uint8(255)
    small = imresize(board.astype(np.uint8), (16, 8))
    assert small.shape == (16, 8) and small.dtype == np.uint8 and np.abs(small.astype(int) - 128).max() < 12
    assert imresize(NOISE, (26, 5)).shape == (26, 5, 3)
    assert imresize(NOISE, 2.0).shape == (26, 34, 3) and imresize(NOISE, 0.001).shape == (1, 1, 3)
    np.testing.assert_array_equal(imresize(NOISE, (13, 17)), NOISE)


@pytest.mark.parametrize(
    "size", [(0, 5), (10_000, 10_000), 50, (3, 3, 3), float("inf"), float("nan"), "half"]
)
def test_a_size_that_is_none_is_refused(size):
    with pytest.raises(ValueError, match=r"imresize takes|cannot be made"):
        imresize(NOISE, size)


def test_the_old_names_are_in_their_old_place():
    assert (utils.imread, utils.imsave, utils.imresize) == (imread, imsave, imresize)
