"""Addresses of the tools of routers and connections."""

from django.urls import path

from caudal.apps.network.tools import backup_views, connection_views, picker_views, views

ONE = "routers/<int:pk>/tools/"

urlpatterns = [
    path(ONE, views.page, name="tools"),
    path(f"{ONE}vitals/", views.vitals, name="tool_vitals"),
    path(f"{ONE}online/", views.online, name="tool_online"),
    path(f"{ONE}arp/", views.arp, name="tool_arp"),
    path(f"{ONE}arp/import/", views.import_arp, name="tool_arp_import"),
    path(f"{ONE}leases/", views.leases, name="tool_leases"),
    path(f"{ONE}radios/", views.radios, name="tool_radios"),
    path(f"{ONE}ping/", views.ping, name="tool_ping"),
    path(f"{ONE}trace/", views.trace, name="tool_trace"),
    path("routers/<int:pk>/backups/", backup_views.backups, name="backups"),
    path("routers/<int:pk>/backups/take/", backup_views.take_backup, name="take_backup"),
    path("addresses/pick/", picker_views.pick, name="pick_address"),
    path("customers/<int:pk>/tools/", connection_views.panel, name="customer_tools"),
    path("connections/<int:pk>/tools/", connection_views.page, name="connection_tools"),
    path("connections/<int:pk>/tools/now/", connection_views.present, name="present"),
    path("connections/<int:pk>/tools/traffic/", connection_views.traffic, name="live_traffic"),
    path("backups/", backup_views.search, name="search_backups"),
    path("backups/policy/", backup_views.policy, name="backup_policy"),
    path("backups/<int:pk>/", backup_views.backup, name="backup"),
    path("backups/<int:pk>/download/", backup_views.download, name="download_backup"),
]
