"""The SSH door of a practice router: signs in as the API does, and knows `/export`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import asyncssh

from caudal.practice.door import Door, Doorman
from caudal.practice.routeros.printing.files import Files
from caudal.practice.routeros.shell import Command

if TYPE_CHECKING:
    from caudal.practice.routeros.device import PracticeRouter

POLICY = "ssh"
"""Of the user's group, without which nobody signs in here."""


class Console(Door):
    def __init__(self, router: PracticeRouter, port: int = 0) -> None:
        super().__init__(port)
        self.router = router

    def doorman(self) -> Doorman:
        return _Doorman(self.router)

    async def serve(self, process: asyncssh.SSHServerProcess[bytes]) -> None:
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


class _Doorman(Doorman):
    def __init__(self, router: PracticeRouter) -> None:
        self._router = router

    def validate_password(self, username: str, password: str) -> bool:
        with self._router.lock:
            user = self._router.login(username)
            if user is None or user["password"] != password:
                return False
            group = self._router.store.table("/user/group").named(user["group"])
            return group is not None and POLICY in group.values.get("policy", "").split(",")
