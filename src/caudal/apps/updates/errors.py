"""The sentences for what an update refuses when it is taken over."""

from django.utils.translation import gettext_lazy as _

from caudal.web import errors

errors.register(
    {
        "not-to-be-taken": _("{why}"),
        "partner-left": _("It goes together with {name}, who is left as he is: {why}"),
        "changed-since-shown": _("It has changed since it was shown, and is left as it is."),
        "technology-waits": _(
            "The new plan begins on {day}: move him to its technology from that day on."
        ),
        "nothing-to-take-over": _("There is nothing to take over."),
        "wrong-moment": _("This update has moved on meanwhile."),
    }
)
