"""Tables of monitoring: devices and their checks, what was measured, alarms, covers and credits."""

from caudal.apps.monitoring.models.alarms import Alarm, AlarmQuerySet, Rules
from caudal.apps.monitoring.models.covers import Announcement, Cover
from caudal.apps.monitoring.models.credits import CreditProposal
from caudal.apps.monitoring.models.devices import (
    CheckTemplate,
    Device,
    DeviceQuerySet,
    ServedBy,
)
from caudal.apps.monitoring.models.measures import Sample, Summary

__all__ = [
    "Alarm",
    "AlarmQuerySet",
    "Announcement",
    "CheckTemplate",
    "Cover",
    "CreditProposal",
    "Device",
    "DeviceQuerySet",
    "Rules",
    "Sample",
    "ServedBy",
    "Summary",
]
