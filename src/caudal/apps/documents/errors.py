"""What documents refuse, in words."""

from django.utils.translation import gettext_lazy as _

from caudal.core.errors import RuleError
from caudal.web import errors


class SourceError(RuleError):
    """A template that cannot be printed: what is wrong, and on which line of it (0: not known)."""

    def __init__(self, message: str, line: int = 0, hint: str = "") -> None:
        super().__init__(
            "template-source-wrong" if line else "template-not-printed",
            field="source",
            message=message,
            line=line,
            hint=hint,
        )


errors.register(
    {
        "template-source-wrong": _("Line {line}: {message} {hint}"),
        "template-not-printed": _("It cannot be printed: {message} {hint}"),
        "template-too-slow": _("It takes more than {seconds} seconds or too much memory."),
        "template-too-large": _("It makes more than {most} MB of pages."),
        "template-too-long": _("The source has more than {most} characters."),
    }
)
