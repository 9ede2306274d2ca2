"""Bank files from the moment they are sent to the moment somebody says what they are."""

from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

from django.conf import settings
from django.core import signing

SALT = "treasury.upload"
LASTS = timedelta(days=1)


@dataclass(frozen=True)
class Upload:
    """A file that waits, for one account."""

    account_id: int
    filename: str
    content: bytes


def keep(account_id: int, filename: str, content: bytes) -> str:
    """Put the file away; the token by which it is found again."""
    name = sha256(content).hexdigest()
    folder = _folder()
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(content)
    return signing.dumps([account_id, filename[:150], name], salt=SALT)


def find(token: str) -> Upload | None:
    """None where the token is forged or old, or the file gone."""
    try:
        account_id, filename, name = signing.loads(token, salt=SALT, max_age=LASTS)
        return Upload(account_id, filename, (_folder() / name).read_bytes())
    except (signing.BadSignature, OSError, ValueError):
        return None


def forget(upload: Upload) -> None:
    """It was read, or given up."""
    (_folder() / sha256(upload.content).hexdigest()).unlink(missing_ok=True)


def _folder() -> Path:
    return Path(settings.DATA) / "bank-files"
