"""Addresses of the documents room."""

from django.urls import URLPattern, path, register_converter

from caudal.apps.documents import views
from caudal.apps.documents.styles import Kind


class KindConverter:
    """A kind of document, by its code."""

    regex = "|".join(Kind.values)

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return str(value)


register_converter(KindConverter, "document")

app_name = "documents"

ONE = "templates/<int:pk>/<document:kind>/"

urlpatterns: list[URLPattern] = [
    path("templates/", views.templates, name="templates"),
    path(ONE, views.template, name="template"),
    path(f"{ONE}look/", views.look, name="look"),
    path(f"{ONE}sample/", views.sample_pdf, name="sample"),
    path(f"{ONE}restore/", views.restore, name="restore"),
    path("templates/versions/<int:pk>/", views.bring_back, name="bring_back"),
    path("v/<str:token>/", views.verify, name="verify"),
]
