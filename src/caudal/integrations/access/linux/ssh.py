"""Scripts run over SSH."""

from collections.abc import Mapping

from caudal.core.ports.access import AccessError, AccessFault
from caudal.integrations.access.linux.shell import Answer
from caudal.integrations.ssh import Endpoint, SshConnection


class SshShell:
    """A shell behind SSH."""

    def __init__(self, endpoint: Endpoint) -> None:
        self._there = SshConnection(endpoint)

    def run(self, script: str) -> Answer:
        done = self._there.run("sh -s", script)
        if done.code is None:
            raise AccessError(AccessFault.CONNECTION_LOST, detail="no exit status")
        return Answer(done.printed, done.complaint, done.code)

    def facts(self) -> Mapping[str, str]:
        return {"host_key": self._there.key} if self._there.key else {}

    def close(self) -> None:
        self._there.close()
