"""Addresses of the staff room."""

from django.urls import path

from caudal.apps.staff.views import (
    journal,
    roles,
    second_factor,
    security,
    session,
    tokens,
    users,
)

app_name = "staff"
urlpatterns = [
    path("login/", session.sign_in, name="login"),
    path("login/code/", second_factor.code, name="code"),
    path("logout/", session.sign_out, name="logout"),
    path("language/", session.language, name="language"),
    path("me/", session.profile, name="profile"),
    path("me/shortcuts/", session.shortcuts, name="shortcuts"),
    path("me/password/", session.own_password, name="own-password"),
    path("me/sessions/<int:pk>/close/", session.close_session, name="close-session"),
    path("me/second-factor/", second_factor.second_factor, name="second-factor"),
    path("me/second-factor/codes/", second_factor.recovery_codes, name="recovery-codes"),
    path("me/second-factor/end/", second_factor.end_second_factor, name="end-second-factor"),
    path("me/tokens/", tokens.tokens, name="tokens"),
    path("me/tokens/new/", tokens.create_token, name="create-token"),
    path("me/tokens/<int:pk>/revoke/", tokens.revoke_token, name="revoke-token"),
    path("users/", users.users, name="users"),
    path("users/new/", users.create_user, name="create-user"),
    path("users/<int:pk>/", users.edit_user, name="edit-user"),
    path("users/<int:pk>/password/", users.user_password, name="user-password"),
    path("users/<int:pk>/active/<int:active>/", users.set_active, name="set-active"),
    path(
        "users/<int:pk>/second-factor/end/",
        second_factor.reset_second_factor,
        name="reset-second-factor",
    ),
    path("sessions/", security.sessions, name="sessions"),
    path("sessions/<int:pk>/close/", security.close_session_of, name="close-session-of"),
    path("security/", security.security, name="security"),
    path("branches/", security.branches, name="branches"),
    path("branches/new/", security.branch, name="create-branch"),
    path("branches/<int:pk>/", security.branch, name="branch"),
    path("branches/<int:pk>/delete/", security.delete_branch, name="delete-branch"),
    path("roles/", roles.roles, name="roles"),
    path("roles/new/", roles.create_role, name="create-role"),
    path("roles/compare/", roles.compare, name="compare-roles"),
    path("roles/<int:pk>/", roles.edit_role, name="edit-role"),
    path("roles/<int:pk>/delete/", roles.delete_role, name="delete-role"),
    path("journal/", journal.journal, name="journal"),
    path("journal/customer/<int:pk>/", journal.customer_journal, name="customer-journal"),
]
