"""Tables of the runs room."""

from caudal.apps.runs.models.row import RunRow
from caudal.apps.runs.models.run import Run
from caudal.apps.runs.models.terms import RunTerms

__all__ = ["Run", "RunRow", "RunTerms"]
