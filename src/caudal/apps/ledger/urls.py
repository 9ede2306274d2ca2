"""Addresses of the ledger."""

from django.urls import path

from caudal.apps.ledger import views

app_name = "ledger"
urlpatterns = [
    path("", views.verification, name="verification"),
    path("verify/", views.verify, name="verify"),
]
