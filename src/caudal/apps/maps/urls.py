"""Addresses of the map."""

from django.urls import URLPattern, path

from caudal.apps.maps.views import cards, chart, files

app_name = "maps"

urlpatterns: list[URLPattern] = [
    path("", chart.chart, name="chart"),
    path("points.json", chart.points, name="points"),
    path("here/", chart.here, name="here"),
    path("customers/<int:pk>/", cards.customer, name="customer"),
    path("customers/<int:pk>/place/", cards.place_customer, name="place_customer"),
    path("sites/<int:pk>/", cards.site, name="site"),
    path("sites/<int:pk>/place/", cards.place_site, name="place_site"),
    path("export.<slug:kind>", files.export, name="export"),
    path("files/", files.files, name="files"),
    path("files/<int:pk>/progress/", files.progress, name="file_progress"),
    path("routers/<int:pk>/lines.json", chart.lines, name="lines"),
]
