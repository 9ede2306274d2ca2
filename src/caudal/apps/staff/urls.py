"""Addresses of the staff room."""

from django.urls import path

from caudal.apps.staff.views import journal, roles, session, tokens, users

app_name = "staff"
urlpatterns = [
    path("login/", session.sign_in, name="login"),
    path("logout/", session.sign_out, name="logout"),
    path("language/", session.language, name="language"),
    path("me/", session.profile, name="profile"),
    path("me/shortcuts/", session.shortcuts, name="shortcuts"),
    path("me/password/", session.own_password, name="own-password"),
    path("me/sessions/<int:pk>/close/", session.close_session, name="close-session"),
    path("me/tokens/", tokens.tokens, name="tokens"),
    path("me/tokens/new/", tokens.create_token, name="create-token"),
    path("me/tokens/<int:pk>/revoke/", tokens.revoke_token, name="revoke-token"),
    path("users/", users.users, name="users"),
    path("users/new/", users.create_user, name="create-user"),
    path("users/<int:pk>/", users.edit_user, name="edit-user"),
    path("users/<int:pk>/password/", users.user_password, name="user-password"),
    path("users/<int:pk>/active/<int:active>/", users.set_active, name="set-active"),
    path("roles/", roles.roles, name="roles"),
    path("roles/new/", roles.create_role, name="create-role"),
    path("roles/<int:pk>/", roles.edit_role, name="edit-role"),
    path("roles/<int:pk>/delete/", roles.delete_role, name="delete-role"),
    path("journal/", journal.journal, name="journal"),
    path("journal/customer/<int:pk>/", journal.customer_journal, name="customer-journal"),
]
