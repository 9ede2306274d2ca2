"""A client as small as can be: sentences in, sentences out, nothing interpreted."""

import socket
from types import TracebackType

from caudal.practice.routeros import PracticeRouter
from caudal.practice.routeros.wire import Decoder, encode


class Talk:
    """Logged in unless told otherwise."""

    def __init__(self, router: PracticeRouter, *, login: bool = True) -> None:
        self.sock = socket.create_connection(("127.0.0.1", router.port), 60)
        self.decoder = Decoder()
        self.waiting: list[list[str]] = []
        if login:
            assert self.ask("/login", "=name=admin", "=password=practica") == [["!done"]]

    def __enter__(self) -> "Talk":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.sock.close()

    def send(self, *words: str) -> None:
        self.sock.sendall(encode(words))

    def next(self) -> list[str]:
        """The next sentence, or an empty list when the router hung up."""
        while not self.waiting:
            data = self.sock.recv(65536)
            if not data:
                return []
            self.waiting += self.decoder.feed(data)
        return self.waiting.pop(0)

    def ask(self, *words: str) -> list[list[str]]:
        """Everything up to !done, !fatal or the end."""
        self.send(*words)
        answer = [self.next()]
        while answer[-1] and answer[-1][0] not in ("!done", "!fatal"):
            answer.append(self.next())
        return answer

    def rows(self, *words: str) -> list[dict[str, str]]:
        found = [sentence for sentence in self.ask(*words) if sentence[0] == "!re"]
        return [dict(w[1:].split("=", 1) for w in s[1:] if w.startswith("=")) for s in found]

    def trap(self, *words: str) -> str:
        """The message of the error a command must end with; !done follows it always."""
        first, last = self.ask(*words)[-2:]
        assert (first[0], last[0]) == ("!trap", "!done")
        return next(word[len("=message=") :] for word in first if word.startswith("=message="))
