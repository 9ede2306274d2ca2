"""An SSH server on loopback, in a thread of its own: the door of machines that are played."""

import asyncio
import threading
from abc import ABC, abstractmethod
from collections.abc import Coroutine
from typing import Any, TypeVar

import asyncssh

T = TypeVar("T")
HOST = "127.0.0.1"
PATIENCE_S = 20


class Doorman(asyncssh.SSHServer):
    """Everybody has to say who he is."""

    def begin_auth(self, username: str) -> bool:
        return True

    def password_auth_supported(self) -> bool:
        return True


class Door(ABC):
    """Owns one thread with an event loop while it is open; port and key stay the same."""

    def __init__(self, port: int = 0) -> None:
        self.port = port
        self.key = asyncssh.generate_private_key("ssh-ed25519")
        self.commands: list[str] = []
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._acceptor: asyncssh.SSHAcceptor | None = None

    @property
    def fingerprint(self) -> str:
        return self.key.get_fingerprint()

    @abstractmethod
    def doorman(self) -> Doorman:
        """Who looks at one connection."""

    @abstractmethod
    async def serve(self, process: "asyncssh.SSHServerProcess[bytes]") -> None:
        """Do one command, and exit."""

    def open(self) -> None:
        """Twice is harmless."""
        if self._loop:
            return
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._acceptor = self._do(self._listen())
        self.port = self._acceptor.get_port()

    def close(self) -> None:
        """Twice is harmless."""
        if not (self._loop and self._thread and self._acceptor):
            return
        self._do(self._shut(self._acceptor))
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(PATIENCE_S)
        self._loop.close()
        self._loop = None

    def _do(self, work: Coroutine[Any, Any, T]) -> T:
        assert self._loop
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(timeout=PATIENCE_S)

    async def _listen(self) -> asyncssh.SSHAcceptor:
        return await asyncssh.listen(
            HOST,
            self.port,
            server_factory=self.doorman,
            server_host_keys=[self.key],
            process_factory=self.serve,
            encoding=None,
        )

    async def _shut(self, acceptor: asyncssh.SSHAcceptor) -> None:
        acceptor.close()
        await acceptor.wait_closed()
