"""The sentences for what acts on many rows refuse."""

from django.utils.translation import gettext_lazy as _

from caudal.web import errors

errors.register(
    {
        "nothing-chosen": _("Choose at least one row."),
        "too-many-chosen": _("Choose at most {most} rows."),
        "row-not-visible": _("You may not see it, or it is gone."),
        "not-undoable": _("That cannot be taken back."),
        "undone-already": _("That was taken back already."),
        "not-yours": _("Only who asked for it can try it again."),
        "nothing-refused": _("Every row was done: there is nothing to try again."),
        "still-running": _("Wait until it is done."),
        "changed-since": _("It has changed since, and is left as it is."),
    }
)
