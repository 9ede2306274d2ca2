"""The SSH door of a practice router: signs in as the API does, and knows `/export`."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine
from typing import TYPE_CHECKING, Any, TypeVar

import asyncssh

from caudal.practice.routeros.printing.files import Files
from caudal.practice.routeros.shell import Command

if TYPE_CHECKING:
    from caudal.practice.routeros.device import PracticeRouter

T = TypeVar("T")
HOST = "127.0.0.1"
POLICY = "ssh"
"""Of the user's group, without which nobody signs in here."""


class Console:
    """Owns one thread with an event loop while it is open; port and key stay the same."""

    def __init__(self, router: PracticeRouter, port: int = 0) -> None:
        self.router, self.port = router, port
        self.key = asyncssh.generate_private_key("ssh-ed25519")
        self.commands: list[str] = []
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._door: asyncssh.SSHAcceptor | None = None

    @property
    def fingerprint(self) -> str:
        return self.key.get_fingerprint()

    def open(self) -> None:
        if self._loop:
            return
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._door = self._do(self._listen())
        self.port = self._door.get_port()

    def close(self) -> None:
        """Twice is harmless."""
        if not (self._loop and self._thread and self._door):
            return
        self._do(self._shut(self._door))
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()
        self._loop = None

    def _do(self, work: Coroutine[Any, Any, T]) -> T:
        assert self._loop
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(timeout=10)

    async def _listen(self) -> asyncssh.SSHAcceptor:
        return await asyncssh.listen(
            HOST,
            self.port,
            server_factory=lambda: _Doorman(self.router),
            server_host_keys=[self.key],
            process_factory=self._serve,
            encoding=None,
        )

    async def _shut(self, door: asyncssh.SSHAcceptor) -> None:
        door.close()
        await door.wait_closed()

    def _serve(self, process: asyncssh.SSHServerProcess[bytes]) -> None:
        words = (process.command or "").split()
        self.commands.append(" ".join(words))
        process.stdout.write(self._said(words).encode("utf-8", "surrogateescape"))
        process.exit(0)

    def _said(self, words: list[str]) -> str:
        """Lines end as on a terminal. Version 7 knows no `hide-sensitive`."""
        unknown = "hide-sensitive" if self.router.version.is_from("7") else "show-sensitive"
        if not words or words[0].lstrip("/") != "export" or unknown in words:
            return "bad command name or expected end of command (line 1 column 9)\r\n"
        command = Command("", "export", dict.fromkeys(words[1:], ""), (), None)
        with self.router.lock:
            text = Files(self.router).exported(command)
        return text.replace("\n", "\r\n")


class _Doorman(asyncssh.SSHServer):
    def __init__(self, router: PracticeRouter) -> None:
        self._router = router

    def begin_auth(self, username: str) -> bool:
        return True

    def password_auth_supported(self) -> bool:
        return True

    def validate_password(self, username: str, password: str) -> bool:
        with self._router.lock:
            user = self._router.login(username)
            if user is None or user["password"] != password:
                return False
            group = self._router.store.table("/user/group").named(user["group"])
            return group is not None and POLICY in group.values.get("policy", "").split(",")
