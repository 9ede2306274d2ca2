"""An SSH server on loopback whose shell is a network namespace: a Linux router to sign in to."""

import asyncio

import asyncssh

from caudal.practice.door import Door, Doorman
from tests.rig.namespaces import Namespace


class SshServer(Door):
    """Lets `user` in by password or by `private_key`; a new server has a new host key."""

    def __init__(self, space: Namespace, *, port: int = 0, password: str = "clave larga") -> None:
        super().__init__(port)
        self.user, self.password = "caudal", password
        self.client_key = asyncssh.generate_private_key("ssh-ed25519")
        self._space = space
        self.open()

    @property
    def private_key(self) -> str:
        """What lets in, as the text of its file."""
        return self.client_key.export_private_key().decode()

    def doorman(self) -> Doorman:
        return _Doorman(self)

    async def serve(self, process: asyncssh.SSHServerProcess[bytes]) -> None:
        self.commands.append(process.command or "")
        shell = await asyncio.create_subprocess_exec(
            *self._space.within, "sh", "-c", process.command or "sh",
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )  # fmt: skip
        printed, complaint = await shell.communicate(await process.stdin.read())
        process.stdout.write(printed)
        process.stderr.write(complaint)
        process.exit(shell.returncode or 0)


class _Doorman(Doorman):
    def __init__(self, server: SshServer) -> None:
        self._server = server

    def validate_password(self, username: str, password: str) -> bool:
        return (username, password) == (self._server.user, self._server.password)

    def public_key_auth_supported(self) -> bool:
        return True

    def validate_public_key(self, username: str, key: asyncssh.SSHKey) -> bool:
        known = self._server.client_key.convert_to_public()
        return username == self._server.user and key == known
