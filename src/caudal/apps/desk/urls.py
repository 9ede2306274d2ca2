"""Addresses of the desk."""

from django.urls import URLPattern, path

from caudal.apps.desk.dashboard import dashboard, income, last_runs
from caudal.apps.desk.views import (
    acts,
    customer,
    customers,
    edit,
    fields,
    life,
    registration,
    side,
    tags,
)
from caudal.apps.desk.views.search import keys, search_everywhere

app_name = "desk"

ONE, SERVICE = "customers/<int:pk>/", "services/<int:pk>/"

urlpatterns: list[URLPattern] = [
    path("", dashboard, name="dashboard"),
    path("search/", search_everywhere, name="search"),
    path("search/keys/", keys, name="keys"),
    path("dashboard/income/", income, name="income"),
    path("dashboard/jobs/", last_runs, name="last_runs"),
    path("customers/", customers.customers, name="customers"),
    path("customers/filters/", customers.filters, name="filters"),
    path("customers/count/", customers.count, name="count"),
    path("customers/columns/", customers.columns, name="columns"),
    path("customers/views/", customers.views, name="views"),
    path("customers/views/<int:pk>/forget/", customers.forget_view, name="forget_view"),
    path("customers/fields/", fields.fields, name="fields"),
    path("customers/fields/new/", fields.new_field, name="new_field"),
    path("customers/fields/<int:pk>/", fields.edit_field, name="edit_field"),
    path("customers/fields/<int:pk>/use/<int:in_use>/", fields.field_use, name="field_use"),
    path("customers/fields/<int:pk>/<slug:way>/", fields.move_field, name="move_field"),
    path("customers/tags/", tags.tags, name="tags"),
    path("customers/tags/new/", tags.new_tag, name="new_tag"),
    path("customers/tags/<int:pk>/", tags.edit_tag, name="edit_tag"),
    path("customers/tags/<int:pk>/use/<int:in_use>/", tags.tag_use, name="tag_use"),
    path("customers/codes/", customers.by_codes, name="by_codes"),
    path("customers/export.<slug:kind>", customers.export, name="export"),
    path("customers/new/", registration.register_customer, name="register"),
    path(ONE, customer.customer, name="customer"),
    path(f"{ONE}side/", side.side, name="side"),
    path(f"{ONE}place/", side.place, name="place"),
    path(f"{ONE}devices/", side.devices, name="devices"),
    path(f"{ONE}equipment/", side.equipment, name="equipment"),
    path(f"{ONE}traffic/", side.traffic, name="traffic"),
    path(f"{ONE}tickets/", side.tickets, name="tickets"),
    path(f"{ONE}tools/", customer.tools, name="tools"),
    path(f"{ONE}sync/", customer.sync, name="sync"),
    path(f"{ONE}summary/", customer.summary, name="summary"),
    path(f"{ONE}services/", customer.services, name="services"),
    path(f"{ONE}suspensions/", customer.suspensions, name="suspensions"),
    path(f"{ONE}notes/", customer.notes, name="notes"),
    path(f"{ONE}fields/", fields.customer_fields, name="customer_fields"),
    path(f"{ONE}tags/", tags.customer_tags, name="customer_tags"),
    path(f"{ONE}edit/", edit.edit, name="edit"),
    path(f"{ONE}code/", acts.change_code, name="change_code"),
    path(f"{ONE}archive/", acts.archive, name="archive"),
    path(f"{ONE}unarchive/", acts.unarchive, name="unarchive"),
    path(f"{ONE}services/new/", acts.add_service, name="add_service"),
    path(f"{SERVICE}plan/", life.change_plan, name="change_plan"),
    path(f"{ONE}dates/", life.dates, name="dates"),
    path(f"{SERVICE}hold/", life.hold, name="hold"),
    path("holds/<int:pk>/end/", life.release_hold, name="release_hold"),
    path("changes/<int:pk>/drop/", life.drop_change, name="drop_change"),
    path(f"{SERVICE}suspend/", acts.suspend, name="suspend"),
    path(f"{SERVICE}restore/", acts.restore, name="restore"),
    path(f"{SERVICE}cancel/", life.cancel, name="cancel"),
    path(f"{SERVICE}activate/", acts.activate, name="activate"),
    path(f"{SERVICE}reactivate/", life.reactivate, name="reactivate"),
]
