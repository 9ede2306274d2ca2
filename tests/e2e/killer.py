"""Kills workers in the middle of their work, and starts them again."""

import threading
import time
from random import Random

import psycopg

from tests.e2e.installation import SECONDS, Installation

LOOK_EVERY = 0.003


class Killer:
    """Use as a context: while it is open, `times` workers die at work, at random instants of it.

    Which worker is at work is read from the job log, so that each kill hits a job half done. When
    it closes, so many have died, however quick they were with what was asked of them (some job is
    always due again within a minute), and every worker runs.
    """

    def __init__(self, installation: Installation, random: Random, times: int) -> None:
        self.installation = installation
        self.random = random
        self.times = times
        self.killed: list[str] = []
        """The jobs that died with their workers."""
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._kill, daemon=True)

    def __enter__(self) -> "Killer":
        self._thread.start()
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        if kind is None:
            self._thread.join(SECONDS)
        self._end.set()
        self._thread.join()

    def _kill(self) -> None:
        with psycopg.connect(self.installation.database_url, autocommit=True) as connection:
            while len(self.killed) < self.times and not self._end.is_set():
                time.sleep(LOOK_EVERY)
                if at_work := self._at_work(connection):
                    self._strike(*self.random.choice(at_work))

    def _at_work(self, connection: "psycopg.Connection[tuple[str, str]]") -> list[tuple[str, str]]:
        """Jobs and the names of the workers that do them."""
        running = connection.execute(
            "SELECT job, worker FROM clock_jobrun WHERE status = 'running' ORDER BY id"
        ).fetchall()
        return [
            (job, name)
            for name in self.installation.workers
            for job, worker in running
            if f"/{self.installation.worker_pid(name)}/" in worker
        ]

    def _strike(self, job: str, name: str) -> None:
        time.sleep(self.random.uniform(0.0, 0.15))
        pid = self.installation.worker_pid(name)
        self.installation.kill_worker(name)
        self.killed.append(job)
        self._let_leases_end(pid)
        self.installation.start_worker(name)

    def _let_leases_end(self, pid: int) -> None:
        """Two minutes pass for what the dead one held: what a lease is, its own room tests."""
        dead = f"%/{pid}/%"
        held = self.installation.rows(
            "SELECT 1 FROM clock_jobrun WHERE status = 'running' AND worker LIKE %s"
            " AND job = 'network.reconcile'",
            dead,
        )
        if held:
            self.installation.write("UPDATE network_router SET lease_until = now()")
        self.installation.write(
            "UPDATE clock_jobrun SET lease_until = now() WHERE status = 'running'"
            " AND worker LIKE %s",
            dead,
        )
