"""`python -m caudal.practice.gateway`: the practice gateway as a process, for the demo."""

import argparse
import signal
import sys
import threading

from caudal.practice.gateway.server import PracticeGateway


def main(words: list[str]) -> None:
    """Runs until SIGTERM or SIGINT; says its address when ready."""
    parser = argparse.ArgumentParser(prog="python -m caudal.practice.gateway", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0 for a free one")
    parser.add_argument("--token", default="PRACTICE-TOKEN")
    parser.add_argument("--key", default="practice-key")
    asked = parser.parse_args(words)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    with PracticeGateway(
        token=asked.token, key=asked.key, port=asked.port, is_prompt=True
    ) as gateway:
        print(gateway.url, flush=True)
        stop.wait()


if __name__ == "__main__":
    main(sys.argv[1:])
