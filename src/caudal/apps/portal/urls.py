"""Addresses of the portal; the page itself is short, for it is read out and typed."""

from django.urls import path

from caudal.apps.portal import views

app_name = "portal"
urlpatterns = [
    path("aviso/", views.notice, name="notice"),
    path("aviso/seguir/", views.go_on, name="go_on"),
    path("portal/pages/", views.pages, name="pages"),
    path("portal/pages/<int:pk>/", views.edit, name="edit"),
    path("portal/pages/<int:pk>/preview/<str:state>/", views.preview, name="preview"),
]
