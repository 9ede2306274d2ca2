"""The internet of the town: pages on ports 80 and 81, the notice page, an echo on port 53."""

import socket
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


def page(text: str) -> type[BaseHTTPRequestHandler]:
    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = f"{text} {self.client_address[0]} {self.headers['Host']}".encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *words: object) -> None:
            """Says nothing."""

    return Page


def echo() -> None:
    box = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    box.bind(("0.0.0.0", 53))
    while True:
        data, sender = box.recvfrom(512)
        box.sendto(data, sender)


def main(notice: str) -> None:
    for address, port, text in (
        ("0.0.0.0", 80, "internet"), ("0.0.0.0", 81, "internet"), (notice, 8080, "notice"),
    ):  # fmt: skip
        server = ThreadingHTTPServer((address, port), page(text))
        threading.Thread(target=server.serve_forever, daemon=True).start()
    echo()


if __name__ == "__main__":
    main(sys.argv[1])
