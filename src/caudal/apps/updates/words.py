"""Why a cell of an edited file is not taken, in words."""

from django.utils.translation import gettext as _

from caudal.apps.imports.words import CELLS
from caudal.core.cells import CellError


class Wrong(ValueError):
    """A cell, or a row, that cannot be taken; its text is for people."""


def told(error: CellError) -> str:
    return str(CELLS[error.fault]) % {"text": error.text}


def nobody(what: object, name: str) -> Wrong:
    return Wrong(_("%(what)s “%(name)s” does not exist.") % {"what": what, "name": name[:60]})
