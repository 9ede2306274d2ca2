"""Which screens of the job log people look for by name."""

from django.utils.translation import gettext_lazy as _

from caudal.apps.staff.verbs import Verb
from caudal.web import places
from caudal.web.places import Place

places.register(
    Place(
        _("Jobs"),
        "joblog:runs",
        "clock-play",
        Verb.SEE_JOBS,
        _("background tasks log worker clock failed"),
        "g t",
        is_act=False,
    ),
)
