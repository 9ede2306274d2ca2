"""What a way of reaching a customer must be able to do, and the one error that leaves it."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class ChannelFault(StrEnum):
    """Why a message did not go out; stored and translated on screens."""

    UNREACHABLE = "unreachable"  # nobody answers, or the connection broke off
    LOGIN_REFUSED = "login-refused"
    SENDER_REFUSED = "sender-refused"
    ADDRESS_REFUSED = "address-refused"
    MESSAGE_REFUSED = "message-refused"
    BUSY = "busy"  # asked to come back later


class ChannelError(Exception):
    """The only error a channel raises.

    `permanent`: this message will never go out as it is. `down`: no other message would go out
    now either. `detail` is the other side's own text; it never holds our credentials.
    """

    def __init__(
        self,
        fault: ChannelFault,
        *,
        permanent: bool = False,
        down: bool = False,
        detail: str = "",
    ) -> None:
        super().__init__(f"{fault}: {detail}" if detail else str(fault))
        self.fault = fault
        self.permanent = permanent
        self.down = down
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Part:
    """A document that goes with a message; `mimetype` as "application/pdf"."""

    filename: str
    content: bytes
    mimetype: str


@dataclass(frozen=True, slots=True)
class Message:
    """One message to one address.

    `key` is the same at every try, so that whoever receives it twice can tell.
    """

    key: str
    to: str
    subject: str
    body: str
    parts: tuple[Part, ...] = ()


class Channel(Protocol):
    """One way out. Calls block; an instance belongs to one thread and is closed after use."""

    def send(self, message: Message) -> None:
        """Hand the message over; coming back means that the other side took it.

        Raises ChannelError. After a fault that is `down` the instance is of no more use.
        """
        ...

    def close(self) -> None: ...
