"""What the job log adds to the menu and to every page."""

from django.utils.translation import gettext_lazy as _

from caudal.apps.clock.now import now
from caudal.apps.staff import acts
from caudal.apps.staff.verbs import Verb
from caudal.web import context, errors, menu

menu.register(
    menu.Item(_("Jobs"), "joblog:runs", "clock-play", Verb.SEE_JOBS, order=80, group="system")
)
context.provide("demo_clock", lambda request: now())
errors.register(
    {
        "run-has-not-ended": _("That job is running now."),
        "clock-is-real": _("Only the clock of the demo can be moved."),
        "clock-goes-forward": _("The clock only goes forward: choose a later date and time."),
        "clock-too-far": _("The clock moves at most {days} days at once."),
    }
)

acts.register(
    {
        "jobs.move_clock": _("Moved the demo's clock"),
        "jobs.run_again": _("Ran a job again"),
    }
)
