"""Addresses of imports."""

from django.urls import path

from caudal.apps.imports.views import first_plan, review, runs

app_name = "imports"
urlpatterns = [
    path("", runs.runs, name="runs"),
    path("file/", runs.open_file, name="file"),
    path("router/", runs.open_router, name="router"),
    path("<int:pk>/", runs.run, name="run"),
    path("<int:pk>/columns/", runs.columns, name="columns"),
    path("<int:pk>/progress/", runs.progress, name="progress"),
    path("<int:pk>/rows/", runs.rows, name="rows"),
    path("<int:pk>/select/", runs.select, name="select"),
    path("<int:pk>/missing/", runs.missing, name="missing"),
    path("<int:pk>/approve/", runs.approve, name="approve"),
    path("<int:pk>/discard/", runs.discard, name="discard"),
    path("rows/<int:pk>/", review.row, name="row"),
    path("rows/<int:pk>/services/", review.services, name="services"),
    path("routers/<int:pk>/plan/", first_plan.plan, name="first_plan"),
    path("routers/<int:pk>/plan/note/", first_plan.note, name="first_plan_note"),
    path("routers/<int:pk>/plan/ask/", first_plan.ask, name="ask_first_plan"),
    path("routers/<int:pk>/plan/approve/", first_plan.approve, name="approve_first_plan"),
    path("<int:pk>/failed/", runs.failed, name="failed"),
]
