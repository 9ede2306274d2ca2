"""Addresses of messages."""

from django.urls import path

from caudal.apps.messaging import views

app_name = "messaging"
urlpatterns = [
    path("", views.messages_list, name="messages"),
    path("<int:pk>/", views.message, name="message"),
    path("<int:pk>/resend/", views.resend, name="resend"),
    path("<int:pk>/withdraw/", views.withdraw, name="withdraw"),
    path("customer/<int:pk>/", views.of_customer, name="of-customer"),
    path("templates/", views.templates, name="templates"),
    path("templates/<int:pk>/", views.template, name="template"),
    path("templates/<int:pk>/preview/", views.preview, name="preview"),
]
