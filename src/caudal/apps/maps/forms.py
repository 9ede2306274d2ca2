"""Forms of the map."""

from django import forms
from django.utils.translation import gettext_lazy as _

from caudal.web.forms import PanelForm, Section


class FileForm(PanelForm):
    """A file of positions; what it is is told by its content."""

    file = forms.FileField(
        label=_("KML, KMZ or GeoJSON file"),
        help_text=_("Each placemark is found by the code or the name of a customer or site."),
        widget=forms.FileInput(attrs={"accept": ".kml,.kmz,.geojson,.json"}),
    )
    sections = [Section("", [("file", 12)])]
