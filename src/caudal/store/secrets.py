"""Encrypted columns for what must be read back: passwords of routers and of PPPoE."""

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.db import models

if TYPE_CHECKING:
    _TextField = models.TextField[str, str]
else:
    _TextField = models.TextField


@lru_cache(maxsize=4)
def _cipher(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in keys])


class SecretField(_TextField):
    """Text that is stored encrypted with the first of FIELD_KEYS and read with any of them."""

    def get_prep_value(self, value: Any) -> Any:
        if not value:
            return ""
        return _cipher(tuple(settings.FIELD_KEYS)).encrypt(str(value).encode()).decode()

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> str:
        if not value:
            return ""
        return _cipher(tuple(settings.FIELD_KEYS)).decrypt(value.encode()).decode()
