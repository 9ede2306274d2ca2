"""One SMTP connection, opened at the first message and used for all that follow."""

import smtplib
import ssl
from collections.abc import Callable
from contextlib import suppress
from email.utils import parseaddr
from typing import Any

from caudal.core.mail import as_mail
from caudal.core.ports.channel import ChannelError, ChannelFault, Message


class Smtp:
    """Hands messages to one server. `sender` may carry a name: `Red Andina <avisos@...>`."""

    def __init__(
        self,
        *,
        host: str,
        port: int,
        starttls: bool,
        tls: bool,
        username: str,
        password: str,
        sender: str,
        timeout_s: float,
    ) -> None:
        self._host, self._port, self._timeout_s = host, port, timeout_s
        self._starttls, self._tls = starttls, tls
        self._username, self._password = username, password
        self._sender = sender
        self._open: smtplib.SMTP | None = None

    def send(self, message: Message) -> None:
        mail = as_mail(message, self._sender)
        server = self._open or self._connect()
        envelope = parseaddr(self._sender)[1]
        try:
            _typed(lambda: server.send_message(mail, envelope, [message.to.strip()]))
        except ChannelError as error:
            if error.down:
                self.close()
            raise

    def close(self) -> None:
        server, self._open = self._open, None
        if server is not None:
            with suppress(smtplib.SMTPException, OSError):
                server.quit()

    def _connect(self) -> smtplib.SMTP:
        def open_it() -> smtplib.SMTP:
            server = self._server()
            try:
                if self._starttls:
                    server.starttls(context=ssl.create_default_context())
                if self._username:
                    server.login(self._username, self._password)
            except BaseException:
                server.close()
                raise
            return server

        try:
            self._open = _typed(open_it)
        except ChannelError as error:  # whatever it was, the next message meets it too
            fault = (
                ChannelFault.BUSY if error.fault is ChannelFault.MESSAGE_REFUSED else error.fault
            )
            raise ChannelError(fault, down=True, detail=error.detail) from error
        return self._open

    def _server(self) -> smtplib.SMTP:
        if self._tls:
            context = ssl.create_default_context()
            return smtplib.SMTP_SSL(
                self._host, self._port, timeout=self._timeout_s, context=context
            )
        return smtplib.SMTP(self._host, self._port, timeout=self._timeout_s)


def _typed(work: Callable[[], Any]) -> Any:
    """Run it, turning smtplib's errors into ours (reply codes: RFC 5321 section 4.2)."""
    try:
        return work()
    except smtplib.SMTPRecipientsRefused as error:
        code, text = next(iter(error.recipients.values()))
        raise _refused(ChannelFault.ADDRESS_REFUSED, code, text) from error
    except smtplib.SMTPAuthenticationError as error:
        raise _refused(ChannelFault.LOGIN_REFUSED, 0, error.smtp_error, down=True) from error
    except smtplib.SMTPSenderRefused as error:
        # Our own address: settings are wrong, and will be put right, so the message waits.
        fault = ChannelFault.SENDER_REFUSED
        raise _refused(fault, 0, error.smtp_error, down=True) from error
    except smtplib.SMTPServerDisconnected as error:
        raise ChannelError(ChannelFault.UNREACHABLE, down=True, detail=str(error)) from error
    except smtplib.SMTPResponseException as error:
        fault = ChannelFault.MESSAGE_REFUSED
        raise _refused(fault, error.smtp_code, error.smtp_error) from error
    except (smtplib.SMTPException, OSError) as error:
        raise ChannelError(ChannelFault.UNREACHABLE, down=True, detail=str(error)) from error


def _refused(
    fault: ChannelFault, code: int, text: bytes | str, *, down: bool = False
) -> ChannelError:
    words = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    detail = f"{code} {words}".strip() if code else words
    if code == 421:  # the server is closing the connection
        return ChannelError(ChannelFault.BUSY, down=True, detail=detail)
    if 400 <= code < 500:
        return ChannelError(ChannelFault.BUSY, detail=detail)
    return ChannelError(fault, permanent=code >= 500, down=down, detail=detail)
