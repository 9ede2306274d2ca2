"""Addresses of updates by file."""

from django.urls import URLPattern, path

from caudal.apps.updates import views

app_name = "updates"

urlpatterns: list[URLPattern] = [
    path("", views.updates, name="updates"),
    path("<int:pk>/", views.update, name="update"),
    path("<int:pk>/columns/", views.choose, name="choose"),
    path("<int:pk>/again/", views.again, name="again"),
    path("<int:pk>/progress/", views.progress, name="progress"),
    path("<int:pk>/rows/", views.rows, name="rows"),
    path("<int:pk>/select/", views.select, name="select"),
    path("<int:pk>/leave-out/", views.leave_out, name="leave_out"),
    path("<int:pk>/take-over/", views.take_over, name="take_over"),
    path("<int:pk>/discard/", views.discard, name="discard"),
    path("<int:pk>/wrong/", views.wrong, name="wrong"),
]
