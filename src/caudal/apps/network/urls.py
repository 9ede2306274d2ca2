"""Addresses of the network room."""

from django.urls import include, path

from caudal.apps.network.views import (
    acts,
    addresses,
    connections,
    dashboard,
    history,
    parts,
    routers,
    zones,
)

app_name = "network"

ONE = "routers/<int:pk>/"
CONNECTION = "connections/<int:pk>/"

urlpatterns = [
    path("", include("caudal.apps.network.sync_urls")),
    path("", include("caudal.apps.network.tools.urls")),
    path("routers/", routers.routers, name="routers"),
    path("routers/new/", routers.router_form, name="new_router"),
    path("routers/new/try/", routers.try_form, name="try_new_router"),
    path(ONE, routers.router, name="router"),
    path(f"{ONE}edit/", routers.router_form, name="edit_router"),
    path(f"{ONE}edit/try/", routers.try_form, name="try_router"),
    path(f"{ONE}state/", parts.state, name="state"),
    path(f"{ONE}services/", parts.services, name="services"),
    path(f"{ONE}sessions/", parts.sessions, name="sessions"),
    path(f"{ONE}findings/", parts.findings, name="findings"),
    path(f"{ONE}passes/", parts.passes, name="passes"),
    path(f"{ONE}read/", acts.read, name="read"),
    path(f"{ONE}dry-run/", acts.dry_run, name="dry_run"),
    path(f"{ONE}apply/", acts.apply, name="apply"),
    path(f"{ONE}freeze/", acts.freeze, name="freeze"),
    path(f"{ONE}unfreeze/", acts.unfreeze, name="unfreeze"),
    path(f"{ONE}accept-serial/", acts.accept_serial, name="accept_serial"),
    path("passes/<int:pk>/", parts.one_pass, name="pass"),
    path("passes/<int:pk>/approve/", acts.approve, name="approve"),
    path("zones/", zones.zones, name="zones"),
    path("zones/new/", zones.zone_form, name="new_zone"),
    path("zones/dates/", zones.zone_dates, name="zone_dates"),
    path("zones/<int:pk>/", zones.zone_form, name="zone"),
    path("sites/", addresses.sites, name="sites"),
    path("sites/new/", addresses.site_form, name="new_site"),
    path("sites/<int:pk>/", addresses.site_form, name="site"),
    path("addresses/", addresses.pools, name="pools"),
    path("addresses/new/", addresses.pool_form, name="new_pool"),
    path("addresses/free/", addresses.free_addresses, name="free_addresses"),
    path("addresses/history/", history.history, name="history"),
    path("addresses/history.csv", history.export_history, name="export_history"),
    path("addresses/blocks/new/", addresses.block_form, name="new_block"),
    path("addresses/blocks/<int:pk>/", addresses.block_form, name="block"),
    path("addresses/blocks/<int:pk>/remove/", addresses.remove_block, name="remove_block"),
    path("addresses/<int:pk>/", addresses.pool, name="pool"),
    path("addresses/<int:pk>/map/", addresses.pool_map, name="pool_map"),
    path("addresses/<int:pk>/edit/", addresses.pool_form, name="edit_pool"),
    path(f"{CONNECTION}edit/", connections.edit, name="edit_connection"),
    path(f"{CONNECTION}move/", connections.move, name="move"),
    path(f"{CONNECTION}release/", connections.release, name="release"),
    path(f"{CONNECTION}return/", connections.give_back, name="return"),
    path(f"{CONNECTION}password/", connections.password, name="password"),
    path("customers/<int:pk>/", connections.proof, name="proof"),
    path("panels/health/", dashboard.health, name="health"),
    path("panels/waiting/", dashboard.waiting, name="waiting"),
]
