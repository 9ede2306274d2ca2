"""Addresses of the monitoring room."""

from django.urls import path

from caudal.apps.monitoring.views import credits, devices, outages, parts, settings

app_name = "monitoring"

DEVICE = "devices/<int:pk>/"
OUTAGE = "outages/<int:pk>/"

urlpatterns = [
    path("", devices.devices, name="devices"),
    path("devices/new/", devices.device_form, name="new_device"),
    path(DEVICE, devices.device, name="device"),
    path(f"{DEVICE}edit/", devices.device_form, name="edit_device"),
    path(f"{DEVICE}ping/", devices.ping, name="ping"),
    path(f"{DEVICE}customers/", devices.serve, name="serve"),
    path(f"{DEVICE}charts/<slug:metric>/", devices.chart, name="chart"),
    path("served/<int:pk>/remove/", devices.unserve, name="unserve"),
    path("sites/<int:pk>/", devices.site, name="site"),
    path("map.json", devices.places, name="map"),
    path("templates/", settings.templates, name="templates"),
    path("templates/new/", settings.template_form, name="new_template"),
    path("templates/<int:pk>/", settings.template_form, name="template"),
    path("rules/", settings.rules_form, name="rules"),
    path("outages/", outages.listing, name="outages"),
    path("outages/new/", outages.begin, name="new_outage"),
    path(OUTAGE, outages.outage, name="outage"),
    path(f"{OUTAGE}edit/", outages.edit, name="edit_outage"),
    path(f"{OUTAGE}cover/", outages.cover, name="cover"),
    path(f"{OUTAGE}look-again/", outages.look_again, name="look_again"),
    path(f"{OUTAGE}end/", outages.end, name="end_outage"),
    path(f"{OUTAGE}void/", credits.void, name="void_outage"),
    path(f"{OUTAGE}tell/begun/", outages.tell, {"kind": "begun"}, name="tell_begun"),
    path(f"{OUTAGE}tell/ended/", outages.tell, {"kind": "ended"}, name="tell_ended"),
    path(f"{OUTAGE}credits/", credits.credits, name="credits"),
    path(f"{OUTAGE}credits/propose/", credits.propose, name="propose_credits"),
    path(f"{OUTAGE}credits/decide/", credits.decide, name="decide_credits"),
    path(f"{OUTAGE}credits/take-back/", credits.take_back, name="take_back_credits"),
    path("panels/card/", parts.card, name="card"),
    path("customers/<int:pk>/", parts.customer, name="customer"),
]
