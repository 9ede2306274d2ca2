"""E-mail that goes nowhere: each is kept as a file that any mail program opens. For the demo."""

from dataclasses import dataclass
from pathlib import Path

from caudal.core.mail import as_mail, message_id
from caudal.core.ports.channel import ChannelError, ChannelFault, Message
from caudal.integrations import Manifest


@dataclass(frozen=True, slots=True)
class Config:
    path: str
    sender: str = "caudal@localhost"


class Folder:
    """One .eml file per message, named by its Message-ID, so that a repeat overwrites itself."""

    def __init__(self, path: Path, sender: str) -> None:
        self._path, self._sender = path, sender

    def send(self, message: Message) -> None:
        mail = as_mail(message, self._sender)
        name = message_id(message.key, self._sender)[1:].partition("@")[0]
        try:
            self._path.mkdir(parents=True, exist_ok=True)
            (self._path / f"{name}.eml").write_bytes(mail.as_bytes())
        except OSError as error:
            raise ChannelError(ChannelFault.UNREACHABLE, down=True, detail=str(error)) from error

    def close(self) -> None:
        """Nothing is held open."""


def connect(config: Config) -> Folder:
    return Folder(Path(config.path), config.sender)


MANIFEST = Manifest("folder", "Folder", Config, connect)
