"""Small pictures of attached ones: made when somebody first looks, and kept beside the file."""

import subprocess
import sys
from pathlib import Path

from django.core.files.base import ContentFile, File

from caudal.apps.customers import thumbnail_cell
from caudal.apps.customers.models import Attachment

SECONDS = 30
SUFFIX = ".small"


def thumbnail_of(attachment: Attachment) -> "File[bytes] | None":
    """The small picture, as JPEG; None for what is no picture, or cannot be decoded.

    What cannot be is tried once: an empty file stands for it.
    """
    if not attachment.is_picture:
        return None
    storage, name = attachment.file.storage, thumbnail_name(attachment)
    if not storage.exists(name):
        with attachment.file.open("rb") as whole:
            storage.save(name, ContentFile(_made(whole.read())))
    found: File[bytes] = storage.open(name, "rb")
    if found.size:
        return found
    found.close()
    return None


def thumbnail_name(attachment: Attachment) -> str:
    return f"{attachment.file.name}{SUFFIX}"


def _made(content: bytes) -> bytes:
    try:
        done = subprocess.run(
            [sys.executable, "-I", str(Path(thumbnail_cell.__file__))],
            input=content, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False,
            timeout=SECONDS, env={"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"}, cwd="/",
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return b""
    return done.stdout if done.returncode == 0 else b""
