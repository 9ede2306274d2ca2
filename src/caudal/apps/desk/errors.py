"""The sentences for what the desk's acts refuse."""

from django.utils.translation import gettext_lazy as _

from caudal.web import errors

errors.register(
    {
        "nothing-to-suspend": _("He has no service that could be suspended for that reason."),
        "nothing-to-activate": _("He has no suspended service."),
        "nothing-to-cancel": _("He has no service that is not cancelled."),
        "too-far-away": _("Choose a day within a year."),
        "has-living-services": _("He has a service that is not cancelled: cancel it first."),
        "archived-already": _("He is in the archive already."),
        "not-archived": _("He is not in the archive."),
        "there-already": _("He is there already."),
        "technology-not-served": _("{router} does not serve {technology}."),
        "pool-elsewhere": _("{pool} is not a pool of {router}."),
        "say-which-router": _("{zone} has several routers: choose one."),
        "no-pool-there": _("{router} has no address pool."),
        "note-of-somebody-else": _("Only who wrote the note may mend it."),
        "as-it-was": _("It was so already."),
        "no-living-service": _("He has no living service."),
        "not-notified": _("He is not to be notified."),
        "has-a-password": _("He has a password already."),
        "sent-already": _("Too late: the message is on its way or went out."),
    }
)
