"""Addresses of the staff room."""

from django.urls import path

from caudal.apps.staff.views import session

app_name = "staff"
urlpatterns = [
    path("login/", session.sign_in, name="login"),
    path("logout/", session.sign_out, name="logout"),
    path("language/", session.language, name="language"),
    path("me/", session.profile, name="profile"),
    path("me/password/", session.own_password, name="own-password"),
    path("me/sessions/<int:pk>/close/", session.close_session, name="close-session"),
]
