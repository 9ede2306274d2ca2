"""Addresses of training."""

from django.urls import path

from caudal.apps.training import views

app_name = "training"
urlpatterns = [
    path("", views.practice, name="practice"),
    path("<slug:slug>/", views.box, name="box"),
    path("<slug:slug>/customers/", views.customers, name="customers"),
    path("<slug:slug>/do/<slug:name>/", views.act, name="act"),
]
