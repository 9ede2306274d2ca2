"""From a message to an RFC 5322 mail, the same bytes at every try but for the date."""

import hashlib
from datetime import datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr

from caudal.core.ports.channel import ChannelError, ChannelFault, Message


def message_id(key: str, sender: str) -> str:
    """Made of the key alone: a mail sent twice, by a crash in between, is shown once."""
    domain = parseaddr(sender)[1].partition("@")[2] or "localhost"
    return f"<{hashlib.sha256(key.encode()).hexdigest()[:40]}@{domain}>"


def as_mail(message: Message, sender: str, at: datetime | None = None) -> EmailMessage:
    """Raises ChannelError (permanent) for an address that no mail can be written to."""
    mail = EmailMessage()
    mail["Subject"] = message.subject
    mail["From"] = sender
    mail["To"] = _address(message.to)
    mail["Message-ID"] = message_id(message.key, sender)
    mail["Auto-Submitted"] = "auto-generated"  # RFC 3834: holiday replies keep quiet
    if at:
        mail["Date"] = format_datetime(at)
    mail.set_content(message.body)
    for part in message.parts:
        main, _, sub = part.mimetype.partition("/")
        mail.add_attachment(part.content, maintype=main, subtype=sub, filename=part.filename)
    return mail


def _address(text: str) -> Address:
    try:
        return Address(addr_spec=text.strip())
    except (ValueError, IndexError, MessageError) as error:
        fault = ChannelFault.ADDRESS_REFUSED
        raise ChannelError(fault, permanent=True, detail=str(error)) from error
