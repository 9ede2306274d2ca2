"""An SSH server on loopback whose shell is a network namespace: a Linux router to sign in to."""

import asyncio
import threading

import asyncssh

from tests.rig.namespaces import Namespace


class SshServer:
    """Lets `user` in by password or by `private_key`; a new server has a new host key."""

    def __init__(self, space: Namespace, *, port: int = 0, password: str = "clave larga") -> None:
        self.user, self.password = "caudal", password
        self.client_key = asyncssh.generate_private_key("ssh-ed25519")
        self.host_key = asyncssh.generate_private_key("ssh-ed25519")
        self.commands: list[str] = []
        self._space = space
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._acceptor = self._do(self._listen(port))
        self.port = self._acceptor.get_port()

    @property
    def private_key(self) -> str:
        """What lets in, as the text of its file."""
        return self.client_key.export_private_key().decode()

    @property
    def fingerprint(self) -> str:
        return self.host_key.get_fingerprint()

    def close(self) -> None:
        """Twice is harmless."""
        if self._loop.is_closed():
            return
        self._acceptor.close()
        self._do(self._acceptor.wait_closed())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _do(self, work):
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(timeout=20)

    async def _listen(self, port: int) -> asyncssh.SSHAcceptor:
        return await asyncssh.listen(
            "127.0.0.1",
            port,
            server_factory=lambda: _Doorman(self),
            server_host_keys=[self.host_key],
            process_factory=self._serve,
            encoding=None,
        )

    async def _serve(self, process: asyncssh.SSHServerProcess[bytes]) -> None:
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


class _Doorman(asyncssh.SSHServer):
    def __init__(self, server: SshServer) -> None:
        self._server = server

    def begin_auth(self, username: str) -> bool:
        return True

    def password_auth_supported(self) -> bool:
        return True

    def validate_password(self, username: str, password: str) -> bool:
        return (username, password) == (self._server.user, self._server.password)

    def public_key_auth_supported(self) -> bool:
        return True

    def validate_public_key(self, username: str, key: asyncssh.SSHKey) -> bool:
        known = self._server.client_key.convert_to_public()
        return username == self._server.user and key == known
