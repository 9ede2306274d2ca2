"""Where monitoring makes itself known to the rooms below it."""

from django.apps import AppConfig


class MonitoringConfig(AppConfig):
    name = "caudal.apps.monitoring"

    def ready(self) -> None:
        from caudal.apps.monitoring.actions.alarms import told_of_routers
        from caudal.apps.network.alarms import told_by

        told_by(told_of_routers)
