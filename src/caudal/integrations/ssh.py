"""Commands run over SSH, on one connection that is opened when first needed."""

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass, field
from typing import Any, TypeVar

import asyncssh

from caudal.core.ports.access import AccessError, AccessFault
from caudal.integrations.loops import OwnLoop

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Answer:
    """What a command printed, on both channels, and its exit code, None where it told none."""

    printed: str
    complaint: str
    code: int | None


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where and as whom to sign in. `host_key` empty trusts the first key that answers."""

    host: str
    port: int
    user: str
    password: str = field(default="", repr=False)
    private_key: str = field(default="", repr=False)
    host_key: str = ""
    timeout_s: float = 20.0


class _Pinned(asyncssh.SSHClient):
    """Compares the key that answers with the one that is expected."""

    def __init__(self, expected: str) -> None:
        self._expected = expected
        self.seen = ""

    def validate_host_public_key(
        self, host: str, addr: str, port: int, key: asyncssh.SSHKey
    ) -> bool:
        self.seen = key.get_fingerprint()
        return self._expected in ("", self.seen)


class SshConnection:
    """Signed in once, for any number of commands. Raises AccessError for whatever goes wrong."""

    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint
        self._loop = OwnLoop()
        self._pin = _Pinned(endpoint.host_key)
        self._connection: asyncssh.SSHClientConnection | None = None

    def run(self, command: str, given: str = "") -> Answer:
        """The command with `given` as its input. Bytes that are no UTF-8 are kept as surrogates."""
        return self._wait(self._run(command, given))

    @property
    def key(self) -> str:
        """The fingerprint of the key that answered, empty before anybody did."""
        return self._pin.seen

    def close(self) -> None:
        if self._connection:
            self._loop.call(self._connection.abort)
            self._connection = None
        self._loop.close()

    def _wait(self, work: Coroutine[Any, Any, T]) -> T:
        """Raises AccessError for whatever goes wrong on the way."""
        try:
            return self._loop.run(asyncio.wait_for(work, self._endpoint.timeout_s))
        except TimeoutError as error:
            fault = AccessFault.TIMED_OUT if self._connection else AccessFault.UNREACHABLE
            raise AccessError(fault, detail="timeout") from error
        except (asyncssh.Error, OSError, ValueError) as error:
            raise self._fault(error) from error

    async def _run(self, command: str, given: str) -> Answer:
        if self._connection is None:
            self._connection = await self._connect()
        done = await self._connection.run(
            command, input=given, check=False, encoding="utf-8", errors="surrogateescape"
        )
        return Answer(str(done.stdout or ""), str(done.stderr or ""), done.exit_status)

    async def _connect(self) -> asyncssh.SSHClientConnection:
        there = self._endpoint
        keys = [asyncssh.import_private_key(there.private_key)] if there.private_key else []
        connection, _client = await asyncssh.create_connection(
            lambda: self._pin,
            there.host,
            there.port,
            username=there.user,
            password=there.password or None,
            client_keys=keys,
            agent_path=None,
            config=[],
            known_hosts=([], [], []),
        )
        return connection

    def _fault(self, error: Exception) -> AccessError:
        fault, permanent = _meaning(error, connected=self._connection is not None)
        return AccessError(fault, permanent=permanent, detail=_words(error, self._pin.seen))


def _meaning(error: Exception, *, connected: bool) -> tuple[AccessFault, bool]:
    if isinstance(error, asyncssh.HostKeyNotVerifiable):
        return AccessFault.HOST_KEY_CHANGED, True
    if isinstance(error, asyncssh.PermissionDenied):
        return AccessFault.LOGIN_REFUSED, True
    if isinstance(error, asyncssh.KeyImportError | asyncssh.KeyEncryptionError):
        return AccessFault.BAD_CONFIG, True
    if connected:
        return AccessFault.CONNECTION_LOST, False
    unreachable = isinstance(error, OSError | asyncssh.ConnectionLost)
    return (AccessFault.UNREACHABLE if unreachable else AccessFault.PROTOCOL), False


def _words(error: Exception, seen: str) -> str:
    if isinstance(error, asyncssh.HostKeyNotVerifiable):
        return seen
    return str(error)[:200] or type(error).__name__
