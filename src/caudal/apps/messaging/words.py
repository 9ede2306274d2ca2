"""Sentences for the codes that a delivery's error begins with."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from caudal.core.ports.channel import ChannelFault

FAULTS: dict[str, str | Promise] = {
    ChannelFault.UNREACHABLE: _("The mail server does not answer."),
    ChannelFault.LOGIN_REFUSED: _("The mail server refused the user or password."),
    ChannelFault.SENDER_REFUSED: _("The mail server refused the sender's address."),
    ChannelFault.ADDRESS_REFUSED: _("The address was refused."),
    ChannelFault.MESSAGE_REFUSED: _("The message was refused."),
    ChannelFault.BUSY: _("The mail server asked to try later."),
}


def told(error: str) -> tuple[str, str]:
    """The sentence of a stored error, and the other side's own words."""
    code, _colon, detail = error.partition(": ")
    return (str(FAULTS[code]), detail) if code in FAULTS else ("", error)
