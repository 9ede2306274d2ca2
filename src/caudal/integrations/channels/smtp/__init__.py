"""E-mail through any SMTP server (RFC 5321), in the clear, with STARTTLS or inside TLS."""

from dataclasses import dataclass, field
from enum import StrEnum

from caudal.integrations import Manifest
from caudal.integrations.channels.smtp.driver import Smtp


class Security(StrEnum):
    NONE = "none"
    STARTTLS = "starttls"
    TLS = "tls"


@dataclass(frozen=True, slots=True)
class Config:
    """Where to hand mails over. Without `username` there is no login."""

    host: str = "127.0.0.1"
    port: int = 25
    security: str = Security.NONE
    username: str = ""
    password: str = field(default="", repr=False)
    sender: str = "caudal@localhost"
    timeout_s: float = 20.0


def connect(config: Config) -> Smtp:
    """Opens nothing yet: the first message does."""
    return Smtp(
        host=config.host,
        port=config.port,
        starttls=config.security == Security.STARTTLS,
        tls=config.security == Security.TLS,
        username=config.username,
        password=config.password,
        sender=config.sender,
        timeout_s=config.timeout_s,
    )


MANIFEST = Manifest("smtp", "SMTP", Config, connect, secret=frozenset({"password"}))
