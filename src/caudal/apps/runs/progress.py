"""The counts of a run, shown on its own row while the worker's lease is kept alive."""

from caudal.apps.clock.jobs import Run as Job
from caudal.apps.runs.models import Run


class Progress(Job):
    """Tells the run's row and the worker's own job alike."""

    def __init__(self, run: Run, outer: Job) -> None:
        super().__init__()
        self._shown = Run.objects.filter(pk=run.pk)
        self._outer = outer

    def keep_alive(self) -> None:
        """Raises what the worker's own job raises: it was taken over, or is to end."""
        super().keep_alive()
        self._outer.keep_alive()
        self._shown.update(**self.counts())

    def end(self) -> None:
        """The last counts."""
        self._shown.update(**self.counts())
