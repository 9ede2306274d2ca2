"""Tables that programs send: one file within the size, and what stands in the way of reading it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from rest_framework import serializers
from rest_framework.exceptions import ValidationError

from caudal.apps.imports.sheets import BIGGEST_FILE
from caudal.apps.imports.words import told_of_file
from caudal.core.ports.importer import FileError


class SentTableSerializer(serializers.Serializer[Any]):
    """A CSV file or a workbook."""

    file = serializers.FileField()

    def validate_file(self, file: Any) -> Any:
        if file.size > BIGGEST_FILE:
            raise ValidationError("too-large")
        return file


@contextmanager
def told_of_table() -> Iterator[None]:
    """A file that cannot be read is answered with its fault, and with the words of the screens."""
    try:
        yield
    except FileError as error:
        told = {"code": str(error.fault), "detail": told_of_file(error)}
        raise ValidationError(told) from error
