"""Makes a small picture of one from standard input, within limits: a program of its own.

A picture of some kilobytes may unpack to gigabytes, and decoders of pictures have had holes: only
this process would end. It imports nothing of ours.
"""

import io
import resource
import sys

from PIL import Image, ImageOps

MEMORY = 1_200_000_000
SECONDS = 15
SIDE = 480
"""The longer side of the small picture, in pixels: sharp at half of it on good screens."""
MOST_PIXELS = 60_000_000
"""As they are decoded: a photograph of many more is decoded at a fraction of its size."""
FORMATS = ("JPEG", "PNG", "WEBP", "GIF")


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    try:
        made = small(sys.stdin.buffer.read())
    except (OSError, ValueError, SyntaxError, MemoryError, EOFError):
        sys.exit(1)
    sys.stdout.buffer.write(made)


def small(content: bytes) -> bytes:
    """As JPEG, upright, on white, without anything that the camera wrote about place and time.

    Raises OSError or ValueError for what is no picture, or larger than a picture should be.
    """
    Image.MAX_IMAGE_PIXELS = None  # looked at below, once a photograph is to be decoded smaller
    with Image.open(io.BytesIO(content), formats=FORMATS) as picture:
        picture.draft("RGB", (SIDE * 2, SIDE * 2))
        if picture.width * picture.height > MOST_PIXELS:
            raise ValueError("too many pixels")
        upright = ImageOps.exif_transpose(picture)
        upright.thumbnail((SIDE, SIDE))
        plain = Image.new("RGB", upright.size, "white")
        shown = upright.convert("RGBA")
        plain.paste(shown, mask=shown.getchannel("A"))
    made = io.BytesIO()
    plain.save(made, "JPEG", quality=80)
    return made.getvalue()


if __name__ == "__main__":
    main()
