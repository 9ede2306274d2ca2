"""What the clock does for the map."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from caudal.apps.clock.jobs import Run, frequent
from caudal.apps.maps.actions import claim, read_file


@frequent("maps.read_files", seconds=60, label=_("Read files of positions"))
def read_files(run: Run, now: datetime) -> dict[str, Any]:
    """Find out whom the placemarks of every file that waits mean."""
    done = 0
    while (file := claim(now)) is not None:
        read_file(file, told=run.advance)
        done += 1
    return {"files": done} if done else {}
