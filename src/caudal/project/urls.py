"""Every address of the panel, one include per room."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("caudal.apps.desk.urls")),
    path("staff/", include("caudal.apps.staff.urls")),
]
