"""The secret keys: from the environment, else made once and kept in the data folder."""

import os
from dataclasses import dataclass
from pathlib import Path
from secrets import token_urlsafe

from cryptography.fernet import Fernet


@dataclass(frozen=True)
class Keys:
    secret_key: str
    field_keys: list[str]
    """Fernet keys of encrypted columns, newest first; old ones stay to read what they wrote."""


def load_keys(folder: Path, *, secret_key: str, field_keys: list[str]) -> Keys:
    return Keys(
        secret_key=secret_key or _kept(folder / "secret.key", token_urlsafe(50)),
        field_keys=field_keys
        or _kept(folder / "fields.key", Fernet.generate_key().decode()).split(),
    )


def _kept(path: Path, fresh: str) -> str:
    """The text of `path`; a missing file is written with `fresh`, for its owner's eyes only."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    with os.fdopen(descriptor, "w") as file:
        file.write(fresh)
    return fresh
