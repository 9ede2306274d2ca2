"""The socket of a practice router: logins, tags, cancel, listen, and faults on the way out."""

from __future__ import annotations

import asyncio
import hashlib
import secrets
import ssl
import threading
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from caudal.practice.routeros.faults import Wrong
from caudal.practice.routeros.safe import SafeMode
from caudal.practice.routeros.shell import Answer, Command, parse
from caudal.practice.routeros.traps import WRONG_LOGIN, WRONG_LOGIN_OLD, Fatal, Trap
from caudal.practice.routeros.wire import BadWord, Decoder, encode, to_bytes

if TYPE_CHECKING:
    from caudal.practice.routeros.device import PracticeRouter

HOST = "127.0.0.1"
SAFE = {"take": SafeMode.take, "release": SafeMode.release, "unroll": SafeMode.unroll}


class Server:
    """Owns one thread with an event loop while it is open."""

    def __init__(self, router: PracticeRouter, port: int, tls: ssl.SSLContext | None) -> None:
        self.router = router
        self.port = port
        self.tls = tls
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._stop: asyncio.Event | None = None

    @property
    def is_open(self) -> bool:
        return self._thread is not None

    def open(self) -> None:
        if self._thread:
            return
        ready = threading.Event()
        self._thread = threading.Thread(target=self._run, args=(ready,), daemon=True)
        self._thread.start()
        ready.wait(10)

    def close(self) -> None:
        """Closes the port and every connection, and waits until it is done."""
        if self._thread and self._loop and self._stop:
            self._loop.call_soon_threadsafe(self._stop.set)
            self._thread.join(10)
            self._thread = None

    def _run(self, ready: threading.Event) -> None:
        asyncio.run(self._serve(ready))

    async def _serve(self, ready: threading.Event) -> None:
        self._loop = asyncio.get_running_loop()
        self._stop = asyncio.Event()
        connections: set[asyncio.Task[Any]] = set()
        cpu = asyncio.Lock()

        async def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            task = asyncio.current_task()
            assert task
            connections.add(task)
            try:
                await Connection(self.router, reader, writer, cpu).serve()
            except asyncio.CancelledError:
                pass  # power off
            finally:
                connections.discard(task)
                writer.transport.abort()

        server = await asyncio.start_server(accept, HOST, self.port, ssl=self.tls)
        self.port = server.sockets[0].getsockname()[1]
        ready.set()
        await self._stop.wait()
        server.close()
        for task in connections:
            task.cancel()
        await asyncio.gather(*connections, return_exceptions=True)


class Hangup(Exception):
    """Close this connection now."""


class Connection:
    """One client."""

    def __init__(
        self,
        router: PracticeRouter,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        cpu: asyncio.Lock,
    ) -> None:
        self.router = router
        self.reader = reader
        self.writer = writer
        self.cpu = cpu
        self.group = ""
        self.challenge = b""
        self.listening: dict[str, Callable[[], None]] = {}
        self._due: asyncio.Queue[tuple[float, bytes, bool]] = asyncio.Queue()

    async def serve(self) -> None:
        sender = asyncio.create_task(self._send_when_due())
        decoder = Decoder()
        try:
            while data := await self.reader.read(65536):
                for sentence in decoder.feed(data):
                    await self._answer(sentence)
            await self._last_words(sender)
        except (BadWord, ConnectionError, Hangup):
            await self._last_words(sender)
        finally:
            sender.cancel()
            for forget in self.listening.values():
                forget()
            with self.router.lock:
                self.router.safe.lost(self)

    async def _last_words(self, sender: asyncio.Task[None]) -> None:
        """Let what was said before the end go out, then stop."""
        self._due.put_nowait((0.0, b"", True))
        try:
            await asyncio.wait_for(sender, 1)
            await asyncio.wait_for(self.writer.drain(), 1)
        except (ConnectionError, TimeoutError):
            sender.cancel()
        self.writer.close()

    async def _answer(self, sentence: list[str]) -> None:
        command = parse(sentence)
        wrong = self.router.faults.strike(command.text)
        if wrong is Wrong.DROP:
            raise Hangup
        if wrong is Wrong.HANG:
            return
        if self.router.faults.cpu_ms:
            async with self.cpu:
                await asyncio.sleep(self.router.faults.cpu_ms / 1000)
        data = self._reply(command, wrong)
        if wrong is Wrong.DROP_AFTER:
            raise Hangup
        if wrong is Wrong.DROP_MID:
            self._say(data[: max(1, len(data) // 2)])
            raise Hangup
        self._say(data)
        if wrong is Wrong.FATAL or data.startswith(b"\x06!fatal"):
            raise Hangup

    def _reply(self, command: Command, wrong: Wrong | None) -> bytes:
        say = partial(_sentence, command.tag)
        try:
            if wrong is Wrong.FATAL:
                raise Fatal("too many commands before login")
            if wrong is Wrong.TRAP:
                raise Trap("failure: practice fault")
            answer = self._do(command, half=wrong is Wrong.HALF)
        except Trap as trap:
            category = [] if trap.category is None else [f"=category={trap.category}"]
            return say("!trap", *category, f"=message={trap.message}") + say("!done")
        except Fatal as fatal:
            return encode(["!fatal", str(fatal)])
        if answer is None:
            return b""
        return self._worded(say, answer, half=wrong is Wrong.HALF)

    def _worded(self, say: Callable[..., bytes], answer: Answer, *, half: bool) -> bytes:
        rows = answer.rows[: len(answer.rows) // 2] if half else answer.rows
        data = b"".join(say("!re", *(f"={k}={x}" for k, x in row.items())) for row in rows)
        if half:
            return data + say("!trap", "=message=failure: practice fault") + say("!done")
        if answer.prints and not answer.rows and self.router.version.says_empty:
            data += say("!empty")
        return data + say("!done", *([] if answer.ret is None else [f"=ret={answer.ret}"]))

    def _do(self, command: Command, *, half: bool) -> Answer | None:
        if command.text == "/login":
            return self._login(command)
        if not self.group:
            raise Fatal("not logged in")
        if command.text == "/cancel":
            return self._cancel(command)
        with self.router.lock:
            if command.verb == "listen":
                self._listen(command)
                return None
            if command.path == "/safe-mode" and command.verb in SAFE:
                return self._be_safe(command)
            answer = self.router.shell.run(command, group=self.group, stop_half=half)
        if answer.again is not None:
            self._watch(command, answer)
            return None
        return answer

    def _be_safe(self, command: Command) -> Answer:
        self.router.store.table(command.path)  # older versions have no such menu
        SAFE[command.verb](self.router.safe, self)
        return Answer()

    # -- logging in, both ways

    def _login(self, command: Command) -> Answer:
        given = command.given
        old = self.router.version.challenge_login
        if old and "response" not in given:
            self.challenge = secrets.token_bytes(16)
            return Answer(ret=self.challenge.hex())
        user = self.router.login(given.get("name", ""))
        right = user is not None and self._knows(user["password"], given, old=old)
        if user is None or not right:
            self.router.plane.log("system,error,critical", "login failure via api")
            raise Trap(WRONG_LOGIN_OLD if old else WRONG_LOGIN)
        self.group = user["group"]
        return Answer()

    def _knows(self, password: str, given: dict[str, str], *, old: bool) -> bool:
        if not old:
            return given.get("password", "") == password
        digest = hashlib.md5(b"\x00" + to_bytes(password) + self.challenge).hexdigest()
        return given["response"] == f"00{digest}"

    # -- cancel and listen

    def _listen(self, command: Command) -> None:
        table = self.router.store.table(command.path)
        loop = asyncio.get_running_loop()
        key = object()

        def changed(row: dict[str, str]) -> None:
            data = _sentence(command.tag, "!re", *(f"={k}={x}" for k, x in row.items()))
            loop.call_soon_threadsafe(self._say, data)

        table.listeners[key] = changed
        self.listening[command.tag or ""] = lambda: table.listeners.pop(key, None) and None

    def _watch(self, command: Command, answer: Answer) -> None:
        """Rows again and again in a task of their own, so that other commands go on meanwhile."""
        task = asyncio.create_task(self._go_on(command.tag, answer))

        def forget() -> None:
            task.cancel()

        self.listening[command.tag or ""] = forget

    async def _go_on(self, tag: str | None, answer: Answer) -> None:
        assert answer.again
        n = 0
        while answer.times is None or n < answer.times:
            with self.router.lock:
                rows = answer.again(n)
            for row in rows:
                self._say(_sentence(tag, "!re", *(f"={k}={x}" for k, x in row.items())))
            n += 1
            await asyncio.sleep(answer.every_s)
        self.listening.pop(tag or "", None)
        self._say(_sentence(tag, "!done"))

    def _cancel(self, command: Command) -> Answer:
        tag = command.given.get("tag", "")
        forget = self.listening.pop(tag, None)
        if forget is None:
            raise Trap("unknown tag", 5)
        forget()
        say = partial(_sentence, tag or None)
        self._say(say("!trap", "=category=2", "=message=interrupted") + say("!done"))
        return Answer()

    # -- sending, late if asked to

    def _say(self, data: bytes) -> None:
        due = asyncio.get_running_loop().time() + self.router.faults.latency_ms / 1000
        self._due.put_nowait((due, data, False))

    async def _send_when_due(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            due, data, last = await self._due.get()
            if due > loop.time():
                await asyncio.sleep(due - loop.time())
            if last:
                return
            self.writer.write(data)


def _sentence(tag: str | None, *words: str) -> bytes:
    return encode([*words, *([] if tag is None else [f".tag={tag}"])])
