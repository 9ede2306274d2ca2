"""Why a cell of an edited file is not taken, in words."""

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from caudal.core.cells import CellError, Fault

_CELLS: dict[Fault, str | Promise] = {
    Fault.AMOUNT: gettext_lazy("“%(text)s” is not an amount."),
    Fault.DATE: gettext_lazy("“%(text)s” is not a date."),
    Fault.NO_SUCH_DATE: gettext_lazy("“%(text)s”: that date does not exist."),
    Fault.DAY: gettext_lazy("“%(text)s” is not a day of the month (1 to 31)."),
    Fault.ADDRESS: gettext_lazy("“%(text)s” is not an IP address."),
    Fault.MAC: gettext_lazy("“%(text)s” is not a MAC address."),
    Fault.YES_NO: gettext_lazy("“%(text)s” is neither yes nor no."),
    Fault.STATE: gettext_lazy("“%(text)s” is not a known state of a service."),
    Fault.DIGITS_LOST: gettext_lazy(
        "“%(text)s”: the spreadsheet has dropped digits. Type the number again, in a cell of text."
    ),
    Fault.COORDINATE: gettext_lazy("“%(text)s” is not a coordinate."),
}


class Wrong(ValueError):
    """A cell, or a row, that cannot be taken; its text is for people."""


def told(error: CellError) -> str:
    return str(_CELLS[error.fault]) % {"text": error.text}


def nobody(what: object, name: str) -> Wrong:
    return Wrong(_("%(what)s “%(name)s” does not exist.") % {"what": what, "name": name[:60]})
