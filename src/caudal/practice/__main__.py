"""`python -m caudal.practice`: one practice router as a process, for the demo and for training."""

import argparse
import json
import signal
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path

from caudal.practice.control import Control
from caudal.practice.newcomers import make_room
from caudal.practice.routeros import V7, Clock, PracticeRouter, configure_by_hand

SAVE_EVERY_S = 10
FIRST_BACKUP = "al encender"


def arguments(words: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m caudal.practice", description=__doc__)
    parser.add_argument("--version", default=V7, help="RouterOS version to be (%(default)s)")
    parser.add_argument("--port", type=int, default=0, help="API port, 0 for a free one")
    parser.add_argument("--control", type=int, default=0, help="control port, 0 for a free one")
    parser.add_argument("--identity", default="practica")
    parser.add_argument("--serial", default="HGF09PRACT1")
    parser.add_argument("--user", default="admin")
    parser.add_argument("--password", default="practica")
    parser.add_argument("--state", type=Path, help="file to remember everything in")
    parser.add_argument("--by-hand", action="store_true", help="begin with a router in use")
    parser.add_argument("--secrets", type=int, default=60, help="PPPoE customers of --by-hand")
    parser.add_argument("--queues", type=int, default=20, help="queue customers of --by-hand")
    parser.add_argument(
        "--newcomers", action="store_true", help="with --by-hand: servers of every way of access"
    )
    parser.add_argument("--equip-everybody", action="store_true", help="new customers dial too")
    return parser.parse_args(words)


def build(asked: argparse.Namespace) -> PracticeRouter:
    """The router as it was when last saved, or new."""
    router = PracticeRouter(
        asked.version,
        identity=asked.identity,
        serial=asked.serial,
        user=asked.user,
        password=asked.password,
        port=asked.port,
        clock=Clock(datetime.now(UTC), running=True),
    )
    if asked.state and asked.state.exists():
        router.load(asked.state)
    elif asked.by_hand:
        configure_by_hand(router, secrets=asked.secrets, queues=asked.queues)
        if asked.newcomers:
            make_room(router)
    router.plane.equip_everybody = asked.equip_everybody
    router.mishaps.back_up(FIRST_BACKUP)
    return router


def main(words: list[str]) -> None:
    """Runs until SIGTERM or SIGINT; says its ports as one line of JSON when ready."""
    asked = arguments(words)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    with build(asked) as router:
        control = Control(router, asked.control)
        print(json.dumps({"port": router.port, "control": control.port}), flush=True)
        seconds = 0
        while not stop.wait(1):
            seconds += 1
            router.pass_time(0)
            if asked.state and seconds % SAVE_EVERY_S == 0:
                router.save(asked.state)
        control.close()
        if asked.state:
            router.save(asked.state)


if __name__ == "__main__":
    main(sys.argv[1:])
