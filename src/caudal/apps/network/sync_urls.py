"""Addresses of the network's brakes, differences, decisions and undoing."""

from django.urls import path

from caudal.apps.network.views import decisions, differences, rules, safety, undoing

ROUTER = "routers/<int:pk>/"

urlpatterns = [
    path("differences/", differences.everywhere, name="differences"),
    path(f"{ROUTER}differences/", differences.router_differences, name="router_differences"),
    path(f"{ROUTER}decide/", decisions.decide, name="decide"),
    path(f"{ROUTER}adopt/", decisions.adopt, name="adopt"),
    path(f"{ROUTER}rules/", rules.rules, name="rules"),
    path("decisions/<int:pk>/forget/", decisions.forget, name="forget_decision"),
    path("operations/<int:pk>/undo/", undoing.undo, name="undo"),
    path("passes/<int:pk>/undo/", undoing.undo_pass, name="undo_pass"),
    path("connections/<int:pk>/journal/", undoing.journal, name="connection_journal"),
    path("safety/", safety.page, name="safety"),
    path("safety/stop/", safety.stop, name="stop_all"),
    path("safety/resume/", safety.resume, name="resume_all"),
]
