"""Whatever is uploaded becomes a small JPEG without a past, or is refused; nothing makes the server ill."""

import asyncio
import io
import struct
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms

from lingpai.accounts.picture import LARGEST, avatar_of
from lingpai.accounts.studio import Studio
from lingpai.errors import Problem
from tests.me.conftest import opened, picture, pixel

EXIF = 0x0112


def turned(orientation):
    """A JPEG, red above and blue below once it is turned as its EXIF says; with a place and a thumbnail in it."""
    image = Image.new("RGB", (64, 64), "red")
    image.paste("blue", (0, 32, 64, 64))
    undo = {
        1: None,
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }[orientation]
    exif = Image.Exif()
    exif[EXIF] = orientation
    exif[0x010E] = "SECRET-DESCRIPTION"
    exif.get_ifd(0x8825)[2] = (39.9, 116.4, 0.0)
    out = io.BytesIO()
    (image if undo is None else image.transpose(undo)).save(
        out, "JPEG", quality=95, exif=exif, comment=b"SECRET-COMMENT"
    )
    return out.getvalue()


def is_mostly(pixel, channel):
    """Whether a pixel is red (0), green (1) or blue (2), as far as a JPEG keeps it."""
    return all((value > 200) if at == channel else (value < 60) for at, value in enumerate(pixel))


def png(width, height, *, depth=8, color_type=2, data=b""):
    """A PNG whose header may say anything."""

    def chunk(name, body):
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    head = struct.pack(">IIBBBBB", width, height, depth, color_type, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(data, 9))
        + chunk(b"IEND", b"")
    )


def gif(*colors):
    frames = [Image.new("RGB", (40, 40), color) for color in colors]
    out = io.BytesIO()
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:], duration=50)
    return out.getvalue()


def webp_frames(*colors):
    frames = [Image.new("RGB", (40, 40), color) for color in colors]
    out = io.BytesIO()
    frames[0].save(out, "WEBP", save_all=True, append_images=frames[1:], duration=50, lossless=True)
    return out.getvalue()


def with_profile():
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return picture(kind="JPEG", icc_profile=profile)


def sixteen_bits():
    out = io.BytesIO()
    Image.new("I;16", (30, 30), 32_768).save(out, "PNG")
    return out.getvalue()


def palette_with_a_hole():
    image = Image.new("P", (30, 30), 0)
    image.putpalette([255, 0, 0, 0, 255, 0])
    out = io.BytesIO()
    image.save(out, "PNG", transparency=0)
    return out.getvalue()


GOOD = {
    "png": picture(),
    "jpeg": picture(kind="JPEG"),
    "progressive jpeg": picture((300, 300), kind="JPEG", progressive=True),
    "webp": picture(kind="WEBP"),
    "lossless webp": picture(kind="WEBP", lossless=True),
    "gif": picture(kind="GIF"),
    "animated gif": gif("red", "blue", "green"),
    "animated webp": webp_frames("red", "blue"),
    "grey": picture(mode="L"),
    "grey with alpha": picture(mode="LA", color=(9, 9)),
    "black and white": picture(mode="1", color=1),
    "palette": picture(mode="P", color=0),
    "palette with a hole": palette_with_a_hole(),
    "16 bits of grey": sixteen_bits(),
    "cmyk": picture(mode="CMYK", kind="JPEG", color=(10, 20, 30, 0)),
    "alpha": picture(mode="RGBA", color=(9, 9, 9, 0)),
    "a colour profile": with_profile(),
    "one pixel": picture((1, 1)),
    "a thread": picture((3_000, 1)),
    "a bar": picture((1, 3_000), kind="JPEG"),
    "a large photo": picture((4_000, 3_000), kind="JPEG"),
    "a large drawing": picture((4_000, 3_000), mode="P", color=0),
    "the largest": picture((5_000, 5_000), mode="L"),
}


@pytest.mark.parametrize("data", GOOD.values(), ids=GOOD)
def test_a_picture_becomes_a_small_square_jpeg(data):
    made = opened(avatar_of(data))
    assert made.format == "JPEG"
    assert made.mode == "RGB"
    assert made.width == made.height <= 640
    assert len(avatar_of(data)) < 200_000


@pytest.mark.parametrize("data", GOOD.values(), ids=GOOD)
def test_it_has_no_past(data):
    made = opened(avatar_of(data))
    assert not made.getexif()
    assert set(made.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_photo_stands_upright_and_tells_no_place(orientation):
    data = avatar_of(turned(orientation))
    above, below = pixel(data, (32, 8)), pixel(data, (32, 56))
    assert is_mostly(above, 0), orientation
    assert is_mostly(below, 2), orientation
    assert b"SECRET" not in data
    assert b"Exif" not in data


def test_what_shines_through_is_white():
    assert pixel(avatar_of(picture(mode="RGBA", color=(0, 0, 0, 0))), (3, 3)) == (255, 255, 255)
    assert pixel(avatar_of(palette_with_a_hole()), (3, 3)) == (255, 255, 255)


def test_sixteen_bits_of_grey_stay_grey():
    red, _, _ = pixel(avatar_of(sixteen_bits()), (3, 3))
    assert 120 < red < 136


def test_of_a_moving_picture_the_first_frame_counts():
    assert is_mostly(pixel(avatar_of(gif("red", "blue")), (20, 20)), 0)


def test_the_middle_is_kept():
    image = Image.new("RGB", (300, 100), "red")
    image.paste("green", (100, 0, 200, 100))
    out = io.BytesIO()
    image.save(out, "PNG")
    made = avatar_of(out.getvalue())
    assert opened(made).size == (100, 100)
    assert pixel(made, (2, 50))[0] < 60


def polyglot():
    """A picture that is also a page: what follows the last byte of it must not survive."""
    return picture(kind="GIF") + b"<script>alert(1)</script>" + b"PK\x03\x04"


def test_a_second_nature_does_not_survive():
    made = avatar_of(polyglot())
    assert b"script" not in made
    assert b"PK\x03\x04" not in made
    assert made[:2] == b"\xff\xd8"
    assert made[-2:] == b"\xff\xd9"


def scans(count):
    """A JPEG that says again and again that another scan follows."""
    return picture(kind="JPEG")[:-2] + b"\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00" * count


def webp_canvas(width, height):
    """The header of an animated WebP; a decoder makes its canvas before it looks any further."""
    size = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    body = b"VP8X" + (10).to_bytes(4, "little") + b"\x02\0\0\0" + size
    return b"RIFF" + (4 + len(body)).to_bytes(4, "little") + b"WEBP" + body


BAD = {
    "nothing": b"",
    "text": b"not a picture at all",
    "svg": b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
    "svg in xml": b'<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]><svg>&x;</svg>',
    "html": b"<html><body>hello</body></html>",
    "pdf": b"%PDF-1.7\n",
    "zip": b"PK\x03\x04" + bytes(100),
    "bmp": picture(kind="BMP"),
    "tiff": picture(kind="TIFF"),
    "ico": picture((32, 32), kind="ICO"),
    "eps": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\n",
    "zeros": bytes(10_000),
    "a png's first bytes": b"\x89PNG\r\n\x1a\n",
    "a jpeg's first bytes": b"\xff\xd8\xff\xe0",
    "half a png": picture((200, 200))[:150],
    "half a jpeg": picture((200, 200), kind="JPEG")[:500],
    "half a webp": picture((200, 200), kind="WEBP", lossless=True)[:40],
    "a png that expands": png(30_000, 30_000, data=bytes(1_000_000)),
    "a png of four thousand million pixels": png(65_535, 65_535),
    "a png of more rows than it has": png(4_000, 4_000, data=bytes(1_000)),
    "a png of no width": png(0, 10),
    "a gif of 65535 squared": b"GIF89a\xff\xff\xff\xff\xf7\0\0" + bytes(800),
    "a webp of 16384 squared": webp_canvas(16_384, 16_384),
    "a jpeg of 65500 squared": picture(kind="JPEG").replace(
        struct.pack(">HH", 60, 80), struct.pack(">HH", 65_500, 65_500), 1
    ),
    "a jpeg of a thousand scans": scans(1_000),
    "just too many pixels": picture((5_001, 5_000), mode="1", color=1),
}


@pytest.mark.parametrize("data", BAD.values(), ids=BAD)
def test_what_is_no_picture_of_ours_is_refused(data):
    with pytest.raises(Problem) as refused:
        avatar_of(data)
    assert refused.value.code == "avatar_refused"


@settings(max_examples=300, deadline=None)
@given(
    st.sampled_from(
        [GOOD[name] for name in ("png", "jpeg", "webp", "animated gif", "cmyk", "palette with a hole")]
    ),
    st.lists(st.tuples(st.integers(0, 4_000), st.integers(0, 255)), max_size=8),
    st.integers(0, 4_000),
)
def test_damage_gives_a_picture_or_a_refusal_and_nothing_else(data, flips, cut):
    damaged = bytearray(data)
    for at, value in flips:
        damaged[at % len(damaged)] ^= value
    try:
        made = avatar_of(bytes(damaged[: max(len(damaged) - cut, 0)] if cut % 2 else damaged))
    except Problem as problem:
        if problem.code != "avatar_refused":
            raise
    else:
        assert opened(made).format == "JPEG"


async def test_over_the_wire_it_is_a_problem_and_changes_nothing(person, a_problem):
    me = await person()
    for name, data in BAD.items():
        for answer in (await me.put(data), await me.upload(data)):
            assert answer.status_code == 422, name
            assert a_problem(answer) == "avatar_refused"
    assert (await me.show())["avatar_url"] is None


async def test_what_a_file_is_its_content_decides(stack, person):
    me = await person()
    for said in ("image/svg+xml", "text/html", "application/octet-stream", "", "image/png; charset=../../x"):
        answer = await me.put(picture(kind="WEBP"), said)
        assert answer.status_code == 200, said
        shown = await stack.http.get(answer.json()["avatar_url"])
        assert shown.headers["content-type"] == "image/jpeg"


async def test_a_picture_beyond_two_mebibytes_is_refused_before_it_is_read_whole(person, a_problem):
    me = await person()
    for answer in (
        await me.put(bytes(LARGEST + 1)),
        await me.upload(bytes(LARGEST + 1)),
        await me.put(bytes(9 << 20)),
    ):
        assert answer.status_code == 413
        assert a_problem(answer) == "avatar_too_large"
        assert "compressImage" in answer.json()["hint"]


async def test_a_picture_of_just_two_mebibytes_is_read(person):
    me = await person()
    data = picture(kind="GIF")
    for send in (me.put, me.upload):
        answer = await send(data + bytes(LARGEST - len(data)))
        assert answer.status_code == 200, answer.text


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("multipart/form-data", b"no boundary"),
        ("multipart/form-data; boundary=x", b""),
        ("multipart/form-data; boundary=x", b"--x\r\n"),
        ("multipart/form-data; boundary=x", b"--y\r\n\r\n--y--"),
        ("multipart/form-data; boundary=x", b"--x\r\nnonsense\r\n\r\n--x--"),
        (
            "multipart/form-data; boundary=x",
            b'--x\r\ncontent-disposition: form-data; name="file"\r\n\r\nhi\r\n--x--',
        ),
        (
            "multipart/form-data; boundary=x",
            b'--x\r\ncontent-disposition: form-data; name="other"; filename="a"\r\n\r\nhi\r\n--x--',
        ),
        (
            "multipart/form-data; boundary=x",
            b'--x\r\ncontent-disposition: form-data; name="file"; filename="a"\r\n\r\nhi, and no end',
        ),
        (
            "multipart/form-data; boundary=x",
            b"".join(b'--x\r\ncontent-disposition: form-data; name="a%d"\r\n\r\n1\r\n' % n for n in range(50))
            + b"--x--",
        ),
        (
            "multipart/form-data; boundary=x",
            b'--x\r\ncontent-disposition: form-data; name="file"; filename="a"\r\n\r\nhi\r\n' * 2 + b"--x--",
        ),
        ("multipart/form-data; boundary=" + "x" * 5_000, b"--x"),
        ("multipart/form-data; boundary=\xff", b"--x"),
        ("multipart/form-data; charset=nonsense; boundary=x", b"--x\r\n\r\n--x--"),
    ],
)
async def test_a_form_that_holds_no_file_is_told_what_it_needs(stack, person, a_problem, content_type, body):
    me = await person()
    headers = {**me.auth, "content-type": content_type.encode("latin-1")}
    answer = await stack.http.post("/v1/me/avatar", headers=headers, content=body)
    assert answer.status_code == 422, answer.text
    assert a_problem(answer) == "invalid_request"


async def test_a_form_may_hold_more_than_the_file(person):
    me = await person()
    answer = await me.upload(picture(), user="somebody-else", note="hello")
    assert answer.status_code == 200


async def test_pictures_wait_their_turn_and_beyond_that_are_sent_away():
    studio = Studio(threads=1, waiting=2)
    data = GOOD["the largest"]
    answers = await asyncio.gather(*(studio.avatar_of(data) for _ in range(5)), return_exceptions=True)
    assert sum(isinstance(answer, bytes) for answer in answers) == 3
    assert {answer.code for answer in answers if isinstance(answer, Problem)} == {"avatar_busy"}
    assert isinstance(await studio.avatar_of(picture()), bytes)
    await studio.aclose()
