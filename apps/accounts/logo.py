"""A logo as somebody uploaded it, to a small PNG of our own making (pure: no Django). The only module that may import Pillow.

Nothing of the file survives but its pixels: no metadata, no second picture, no bytes behind the end.
"""

import io

from PIL import Image, UnidentifiedImageError

MOST_BYTES = 1024 * 1024
_MOST_PIXELS = 16_000_000
_LARGEST = (480, 120)
_FORMATS = ("PNG", "JPEG", "WEBP")


class UnusableLogoError(ValueError):
    """This cannot be a logo. Field `problem`: one of too_large, no_picture, too_many_pixels."""

    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self.problem = problem


def small_png(content: bytes) -> bytes:
    """The picture as PNG within 480 x 120 pixels. PNG, JPEG and WebP are read; SVG, a program, is not. Raises UnusableLogoError."""
    if len(content) > MOST_BYTES:
        raise UnusableLogoError("too_large")
    try:
        with Image.open(io.BytesIO(content), formats=_FORMATS) as picture:
            # Said by the header, before a pixel is unpacked.
            if picture.width * picture.height > _MOST_PIXELS:
                raise UnusableLogoError("too_many_pixels")
            picture.load()
            drawn = picture.convert("RGBA")
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, SyntaxError, ValueError) as error:
        if isinstance(error, UnusableLogoError):
            raise
        raise UnusableLogoError("no_picture") from error
    drawn.thumbnail(_LARGEST, Image.Resampling.LANCZOS)
    plain = Image.new("RGBA", drawn.size)
    plain.paste(drawn)
    written = io.BytesIO()
    plain.save(written, "PNG", optimize=True)
    return written.getvalue()
