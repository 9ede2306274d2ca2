"""A small door for demo and tests into a practice router that runs as its own process.

One JSON object a line: `{"do": "power_off"}` is answered by `{"ok": true, "result": null}`.
"""

from __future__ import annotations

import json
import socket
import socketserver
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from caudal.practice.routeros.device import PracticeRouter

HOST = "127.0.0.1"


class Control:
    """Listens on this machine only. Close it when done."""

    def __init__(self, router: PracticeRouter, port: int = 0) -> None:
        verbs = _verbs(router)

        class Handler(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                for line in self.rfile:
                    self.wfile.write(json.dumps(_answer(verbs, line)).encode() + b"\n")

        self._server = socketserver.ThreadingTCPServer((HOST, port), Handler)
        self._server.daemon_threads = True
        self.port = int(self._server.server_address[1])
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


def ask(port: int, do: str, **about: Any) -> Any:
    """Ask a running practice router; raises RuntimeError with its words when it refuses."""
    with socket.create_connection((HOST, port), 60) as sock, sock.makefile("rw") as line:
        line.write(json.dumps({"do": do, **about}) + "\n")
        line.flush()
        answer = json.loads(line.readline())
    if not answer["ok"]:
        raise RuntimeError(answer["error"])
    return answer["result"]


def _answer(verbs: dict[str, Callable[..., Any]], line: bytes) -> dict[str, Any]:
    try:
        asked = json.loads(line)
        return {"ok": True, "result": verbs[asked.pop("do")](**asked)}
    except Exception as error:  # whatever was wrong with the request is told to who asked
        return {"ok": False, "error": f"{type(error).__name__}: {error}"}


def _verbs(router: PracticeRouter) -> dict[str, Callable[..., Any]]:
    def status() -> dict[str, Any]:
        return {
            "powered": router.powered,
            "port": router.port,
            "serial": router.serial,
            "identity": router.store.singletons["/system/identity"].get("name", ""),
            "customers": len(router.plane.cpes),
            "backups": router.mishaps.backups(),
            "faults": [
                {"wrong": str(fault.wrong), "command": fault.command, "nth": fault.nth}
                for fault in router.faults.planned
            ],
            "version": router.version.text,
            "sessions": len(router.sessions()),
            "latency_ms": router.faults.latency_ms,
            "cpu_ms": router.faults.cpu_ms,
            "clock": router.clock.now.isoformat(),
        }

    def slow(latency_ms: float = 0, cpu_ms: float = 0) -> None:
        router.faults.latency_ms, router.faults.cpu_ms = latency_ms, cpu_ms

    def plug(name: str, password: str = "", **about: Any) -> str | None:
        live = router.plug(name, password, **about)
        return live.address if live else None

    return {
        "status": status,
        "power_off": router.power_off,
        "power_on": router.power_on,
        "reboot": router.reboot,
        "pass_time": router.pass_time,
        "slow": slow,
        "go_wrong": router.faults.plan,
        "behave": router.faults.clear,
        "back_up": router.mishaps.back_up,
        "restore": router.mishaps.restore,
        "swap": router.mishaps.swap,
        "hand_edit": router.mishaps.hand_edit,
        "move_clock": router.clock.move,
        "customers": router.customers,
        "plug": plug,
        "sessions": router.sessions,
        "can_browse": router.can_browse,
        "sees_notice": router.sees_notice,
        "rows": router.rows,
        "put": lambda path, values: router.put(path, **values).id,
        "edit": lambda path, name, values: router.edit(path, name, **values),
        "delete": router.delete,
    }
