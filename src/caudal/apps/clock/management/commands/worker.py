"""`caudal worker`: the process that does what time asks for, until it is told to end."""

import logging
import signal
from types import FrameType
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from huey.consumer import Consumer

from caudal.apps.clock.queue import queue, wake
from caudal.apps.clock.run import stopping


class GracefulConsumer(Consumer):
    """Tells running jobs to stop between two items as soon as a signal arrives."""

    def _handle_signal(self, signum: int, frame: FrameType | None) -> None:
        stopping.set()
        super()._handle_signal(signum, frame)


class Command(BaseCommand):
    help = "Run jobs each minute and whenever something changes. Any number may run."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--threads", type=int, default=2)
        parser.add_argument(
            "--no-periodic",
            action="store_true",
            help="only do what others ask for; exactly one worker should tick by itself",
        )

    def handle(self, *args: Any, threads: int, no_periodic: bool, **options: Any) -> None:
        logging.getLogger("huey").setLevel(logging.WARNING)
        consumer = GracefulConsumer(
            queue().huey,
            workers=threads,
            periodic=not no_periodic,
            max_delay=1.0,
            graceful_signal="TERM",
            shutdown_timeout=15,
        )
        consumer._signal_actions[signal.SIGINT] = consumer._signal_actions[signal.SIGTERM]
        wake()
        self.stdout.write("Worker started.")
        consumer.run()
