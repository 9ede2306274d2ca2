"""Addresses of the runs room."""

from django.urls import URLPattern, path

from caudal.apps.runs.views import decisions, runs, shadow

app_name = "runs"

RUN = "<int:pk>/"

urlpatterns: list[URLPattern] = [
    path("", runs.runs, name="list"),
    path("plan/", decisions.plan, name="plan"),
    path("prices/", decisions.prices, name="prices"),
    path("terms/", decisions.terms, name="terms"),
    path("shadow/", shadow.shadow, name="shadow"),
    path("waiting/", runs.waiting_panel, name="waiting"),
    path(RUN, runs.run, name="run"),
    path(f"{RUN}rows/", runs.rows, name="rows"),
    path(f"{RUN}rows.<slug:kind>", runs.export, name="export"),
    path(f"{RUN}progress/", runs.progress, name="progress"),
    path(f"{RUN}approve/", decisions.approve, name="approve"),
    path(f"{RUN}discard/", decisions.discard, name="discard"),
    path(f"{RUN}undo/", decisions.undo, name="undo"),
    path(f"{RUN}again/", decisions.again, name="again"),
]
