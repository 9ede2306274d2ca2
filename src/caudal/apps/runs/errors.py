"""The sentences for what runs refuse."""

from django.utils.translation import gettext_lazy as _

from caudal.web import errors

errors.register(
    {
        "run-not-planned": _("That run is not waiting to be executed."),
        "run-too-early": _("Its date has not come: it can be executed from that day on."),
        "run-of-others": _(
            "It has rows of customers whom you do not see: plan one of your zones only."
        ),
        "run-count-wrong": _("Type the number of rows, {count}, to execute it."),
        "run-hash-differs": _("The plan is another one than the one you saw."),
        "run-shadow-month": _("This is a shadow month: nothing is executed in earnest."),
        "run-not-undoable": _("Only a run that was executed can be undone, and only once."),
        "run-not-plannable": _("Only rows of a run that has ended can be planned again."),
        "run-kind-unknown": _("That kind of run does not exist."),
        "no-plans": _("Choose at least one plan."),
        "csv-not-read": _("Line {line} of the file has no amount that could be read."),
    }
)
