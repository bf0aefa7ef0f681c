"""Any picture somebody uploads becomes a small, square JPEG without a past."""

import io
from typing import Final

from PIL import Image, UnidentifiedImageError

from lingpai.errors import Problem, Words
from lingpai.errors.catalogue_accounts import AVATAR_REFUSED

LARGEST: Final = 2 * 1024 * 1024
"""Bytes of an upload."""
_MOST_PIXELS: Final = 25_000_000
_SIDE: Final = 640
_QUALITY: Final = 85
_FORMATS: Final = ("JPEG", "PNG", "WEBP", "GIF")
_MOST_SCANS: Final = 40
"""A progressive JPEG has about ten. Each scan goes over every pixel, and an empty one costs a few bytes."""
_ORIENTATION: Final = 0x0112
_UPRIGHT: Final = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""By the orientation of the camera (EXIF 2.3 §4.6.4), what turns the picture upright."""
_REDUCIBLE: Final = {"L", "RGB", "CMYK", "YCbCr"}

_NOT_A_PICTURE: Final = Words(
    "The file is not a JPEG, PNG, WebP or GIF picture.", "文件不是 JPEG、PNG、WebP 或 GIF 图片。"
)
_DAMAGED: Final = Words("The picture is damaged or cut off.", "图片已损坏或不完整。")
_TOO_MANY_PIXELS: Final = Words("The picture has more than 25 million pixels.", "图片超过 2500 万像素。")

# The one place that decodes pictures checks their size itself, before it decodes.
Image.MAX_IMAGE_PIXELS = None


def avatar_of(data: bytes) -> bytes:
    """A JPEG of at most 640 × 640 pixels: the middle of the first frame, upright, on white, without metadata.

    What the file is, its content decides, never its name or type. The colours are those of its numbers: a
    colour profile is dropped with the rest. Blocks for a moment and may take 170 MB: not for an event loop.
    Raises Problem avatar_refused.
    """
    try:
        _check_head(data)
        with Image.open(io.BytesIO(data), formats=_FORMATS) as picture:
            _check_size(picture.width, picture.height)
            return _rendered(picture)
    except Problem:
        raise
    except UnidentifiedImageError:
        raise _refused(_NOT_A_PICTURE) from None
    except Exception as error:  # noqa: BLE001 - decoders of bytes from outside raise whatever they like
        raise _refused(_DAMAGED, private=type(error).__name__) from None


def _check_head(data: bytes) -> None:
    """What has to be known before a decoder allocates or loops."""
    if data[:4] == b"RIFF" and data[8:16] == b"WEBPVP8X":
        # libwebp makes its canvas when it opens the file.
        _check_size(*(1 + int.from_bytes(data[at : at + 3], "little") for at in (24, 27)))
    if data[:2] == b"\xff\xd8" and data.count(b"\xff\xda") > _MOST_SCANS:
        raise _refused(_DAMAGED, private="too many scans")


def _check_size(width: int, height: int) -> None:
    if width * height > _MOST_PIXELS:
        raise _refused(_TOO_MANY_PIXELS)


def _rendered(picture: Image.Image) -> bytes:
    turn = _UPRIGHT.get(_orientation(picture))
    picture.draft("RGB", (2 * _SIDE, 2 * _SIDE))  # a JPEG can be decoded at a fraction of its size
    picture.load()
    square = _plain(_middle(picture))
    side = min(_SIDE, square.width)
    square = square.resize((side, side), Image.Resampling.LANCZOS)
    if turn is not None:
        square = square.transpose(turn)
    # A fresh canvas: Pillow would copy a comment from the picture into the file.
    canvas = Image.new("RGB", (side, side), "white")
    canvas.paste(square, mask=square.getchannel("A") if square.mode == "RGBA" else None)
    out = io.BytesIO()
    canvas.save(out, "JPEG", quality=_QUALITY, optimize=True)
    return out.getvalue()


def _orientation(picture: Image.Image) -> int:
    try:
        return int(picture.getexif().get(_ORIENTATION, 1))
    except Exception:  # noqa: BLE001 - nonsense in EXIF spoils no picture
        return 1


def _middle(picture: Image.Image) -> Image.Image:
    """The square in the middle, brought near its final size by whole steps, which needs no second copy.

    Of a palette, of 16 bits and of what shines through, no means can be taken without a copy: there every
    so-and-so-many-th pixel has to do, of which four make one in the end.
    """
    side = min(picture.size)
    left, top = (picture.width - side) // 2, (picture.height - side) // 2
    box = (left, top, left + side, top + side)
    step = side // (2 * _SIDE)
    if step <= 1:
        return picture.crop(box)
    if picture.mode in _REDUCIBLE:
        return picture.reduce(step, box)
    return picture.resize((side // step, side // step), Image.Resampling.NEAREST, box)


def _plain(square: Image.Image) -> Image.Image:
    """As RGB, or as RGBA when something shines through."""
    if square.mode.startswith("I"):
        # 16 bits of grey; `convert` alone would cut off what is above 255.
        return square.point(lambda value: value * (1 / 256)).convert("L").convert("RGB")
    return square.convert("RGBA" if square.has_transparency_data else "RGB")


def _refused(what: Words, *, private: str = "") -> Problem:
    return Problem(AVATAR_REFUSED, facts={"what": what}, private=private)
