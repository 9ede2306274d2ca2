"""What may be attached: files are known by their content, and their names are cleaned."""

import re
import unicodedata
from hashlib import sha256
from typing import IO, Any
from zipfile import BadZipFile, ZipFile

import puremagic
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

OFFICE = "application/vnd.openxmlformats-officedocument"
OPEN = "application/vnd.oasis.opendocument"
TYPES = {
    ".pdf": "application/pdf",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".png": "image/png",
    ".webp": "image/webp",
    ".gif": "image/gif",
    ".heic": "image/heic",
    ".heif": "image/heif",
    ".docx": f"{OFFICE}.wordprocessingml.document",
    ".xlsx": f"{OFFICE}.spreadsheetml.sheet",
    ".odt": f"{OPEN}.text",
    ".ods": f"{OPEN}.spreadsheet",
    ".txt": "text/plain",
    ".csv": "text/csv",
}
"""What a name ends with -> what it then must hold. No SVG, HTML nor programs: they may run."""
PACKED = frozenset({".docx", ".xlsx", ".odt", ".ods"})
PLAIN = frozenset({".txt", ".csv"})
HEIF = frozenset({"image/heic", "image/heif"})
LONGEST_NAME = 100
HEAD = 8192
_SIGNS = re.compile(r"[\x00-\x1f\x7f\"*/:<>?\\|]+")


def clean_name(name: str) -> str:
    """The last part of the name without signs that a disk, a header or a reader trips over."""
    text = unicodedata.normalize("NFC", name.replace("\\", "/").rsplit("/", 1)[-1])
    text = "".join(sign for sign in text if unicodedata.category(sign) not in ("Cf", "Cs", "Co"))
    text = " ".join(_SIGNS.sub(" ", text).split()).lstrip(".")
    stem, dot, ending = text.rpartition(".")
    if not dot or len(ending) > 5:
        stem, ending = text, ""
    stem = stem.strip(" .")[:LONGEST_NAME] or _("file")
    return f"{stem}.{ending.lower()}" if ending else stem


def check_upload(file: Any) -> tuple[str, str]:
    """(name, content type) of an uploaded file. Raises ValidationError in the reader's words."""
    most = settings.ATTACHMENT_MEGABYTES
    name = clean_name(str(file.name or ""))
    if file.size > most * 1024 * 1024:
        raise ValidationError(
            _("%(name)s is larger than %(most)d MB.") % {"name": name, "most": most}, code="large"
        )
    if not file.size:
        raise ValidationError(_("%(name)s is empty.") % {"name": name}, code="empty")
    file.seek(0)
    head = file.read(HEAD)
    found = _type_of(name, head, file)
    file.seek(0)
    if found is None:
        raise ValidationError(
            _("%(name)s cannot be attached: only pictures, PDF, Word, Excel and text, each with "
              "the ending of its kind.") % {"name": name},
            code="kind",
        )  # fmt: skip
    ending = _ending(name)
    if TYPES.get(ending) != found and not (ending and {found, TYPES[ending]} <= HEIF):
        name = f"{name.removesuffix(ending)}{_usual_ending(found)}"
    return name, found


def digest_of(file: IO[bytes]) -> str:
    """SHA-256, read in parts."""
    total = sha256()
    file.seek(0)
    while part := file.read(1024 * 1024):
        total.update(part)
    file.seek(0)
    return total.hexdigest()


def _type_of(name: str, head: bytes, file: IO[bytes]) -> str | None:
    """The type by content; documents and text need their ending too, which says more."""
    ending = _ending(name)
    likeliest = _likeliest(head)
    if ending in PLAIN:
        return TYPES[ending] if not likeliest and _is_text(head) else None
    if ending in PACKED:
        return (
            TYPES[ending] if head.startswith(b"PK\x03\x04") and _is_packed(ending, file) else None
        )
    pictures = {kind for kind in TYPES.values() if kind.startswith("image/")}
    return likeliest if likeliest in pictures | {"application/pdf"} else None


def _likeliest(head: bytes) -> str:
    try:
        found = puremagic.magic_string(head)
    except (puremagic.PureError, ValueError):
        return ""
    return str(found[0].mime_type) if found else ""


def _is_text(head: bytes) -> bool:
    """No page nor program: no signs but those that text has, in whatever encoding of one byte."""
    return not head.lstrip().startswith(b"<") and not any(byte < 9 for byte in head)


def _is_packed(ending: str, file: IO[bytes]) -> bool:
    """A document without macros, and really of its kind."""
    file.seek(0)
    try:
        with ZipFile(file) as packed:
            names = set(packed.namelist())
    except (BadZipFile, ValueError, NotImplementedError):
        return False
    if any("vbaproject" in name.lower() for name in names):
        return False
    needed = {".docx": "word/", ".xlsx": "xl/"}.get(ending)
    if needed is None:
        return "mimetype" in names and "content.xml" in names
    return "[Content_Types].xml" in names and any(name.startswith(needed) for name in names)


def _ending(name: str) -> str:
    ending = f".{name.rpartition('.')[2]}" if "." in name else ""
    return ending if ending in TYPES else ""


def _usual_ending(kind: str) -> str:
    return next(ending for ending, known in TYPES.items() if known == kind)
