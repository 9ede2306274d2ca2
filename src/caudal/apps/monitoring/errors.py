"""What monitoring refuses, and the sentences for it."""

from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from caudal.web import errors


class MonitoringCode(StrEnum):
    PARENT_BELOW = "parent-below"
    NOTHING_COVERED = "nothing-covered"
    NO_COMMUNITY = "no-community"
    NOT_OVER = "outage-not-over"
    NOBODY_BEHIND = "nobody-behind"
    NOT_VOID = "outage-not-void"


errors.register(
    {
        MonitoringCode.PARENT_BELOW: _("{parent} hangs from this device already."),
        MonitoringCode.NOTHING_COVERED: _("Choose what fails: at least one thing."),
        MonitoringCode.NO_COMMUNITY: _("This template asks over SNMP: type the community."),
        MonitoringCode.NOT_OVER: _("The outage must be over before it is credited."),
        MonitoringCode.NOBODY_BEHIND: _("No customer is behind this outage."),
        MonitoringCode.NOT_VOID: _("Only the credits of a false alarm are taken back."),
    }
)
