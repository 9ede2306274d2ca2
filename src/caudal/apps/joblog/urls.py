"""Addresses of the job log."""

from django.urls import path

from caudal.apps.joblog import views

app_name = "joblog"
urlpatterns = [
    path("", views.runs, name="runs"),
    path("upcoming/", views.due_next, name="upcoming"),
    path("<int:pk>/", views.run, name="run"),
    path("<int:pk>/again/", views.again, name="again"),
    path("clock/", views.move_clock, name="move-clock"),
]
