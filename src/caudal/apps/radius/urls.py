"""Addresses of the RADIUS room."""

from django.urls import path

from caudal.apps.radius import views

app_name = "radius"

urlpatterns = [
    path("", views.overview, name="overview"),
    path("policy/", views.policy, name="policy"),
    path("customers/<int:pk>/", views.customer_panel, name="customer"),
    path("routers/<int:pk>/", views.router_panel, name="router"),
    path("sessions/<int:pk>/close/", views.close, name="close"),
]
