"""The sentences for what this room refuses."""

from django.utils.translation import gettext_lazy as _

from caudal.web.errors import register

register(
    {
        "moved-since": _("Somebody has changed the position since: it was left as it is."),
        "stands-there": _("He stands there already."),
        "sites-stay": _("You may not move sites."),
        "map-file-too-large": _("The file is larger than {megabytes} MB."),
        "map-file-too-long": _("The file has more than {most} placemarks."),
        "map-file-not-read": _("This is no KML, KMZ or GeoJSON file that can be read."),
    }
)
