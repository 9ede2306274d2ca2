"""What the training room refuses, and the sentence a person reads about it."""

from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from caudal.core.errors import RuleError
from caudal.web import errors


class TrainingCode(StrEnum):
    NO_SUCH_ROUTER = "training-no-such-router"
    NOT_RUNNING = "training-not-running"
    REFUSED = "training-refused"


class TrainingError(RuleError):
    """A practice router that cannot be asked, or refuses."""


errors.register(
    {
        TrainingCode.NO_SUCH_ROUTER: _("There is no such practice router."),
        TrainingCode.NOT_RUNNING: _("The program of this practice router does not run."),
        TrainingCode.REFUSED: _("The practice router refused: {text}"),
    }
)
