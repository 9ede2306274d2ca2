"""Taking backups of routers: whose turn it is, and one taken."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Q, QuerySet

from caudal.apps.network.actions import backups
from caudal.apps.network.errors import NetworkError
from caudal.apps.network.models import Router, RouterBackup
from caudal.apps.network.tools import asking
from caudal.core.ports import tools
from caudal.core.ports.access import AccessError

NIGHT_HOUR = 2
AGAIN = timedelta(hours=1)
"""After a failure: a router that is off at night is asked again until it has answered."""
PATIENCE_S = 20.0
"""An export of a large configuration keeps a small router busy for some seconds."""


def due(now: datetime) -> QuerySet[Router]:
    """Routers without a backup since last night, and that were not asked within the hour."""
    night = last_night(now)
    missed = Q(backup_try__tried_at__lt=night)
    failed = Q(backup_try__tried_at__lt=now - AGAIN) & (
        Q(backup_try__done_at=None) | Q(backup_try__done_at__lt=night)
    )
    turn = Q(backup_try=None) | missed | failed
    return Router.objects.filter(turn, is_active=True).order_by("backup_try__tried_at", "pk")


def last_night(now: datetime) -> datetime:
    """The last time that it was 2 o'clock where the installation is."""
    local = now.astimezone(ZoneInfo(settings.TIME_ZONE))
    night = local.replace(hour=NIGHT_HOUR, minute=0, second=0, microsecond=0)
    return night if night <= local else night - timedelta(days=1)


def take(router: Router, now: datetime) -> RouterBackup:
    """Ask the router and note what came of it, either way. Raises AccessError or NetworkError."""
    try:
        with asking.line_to(router, PATIENCE_S) as driver:
            text = asking.export(driver)
            seen_key = driver.seen_key if isinstance(driver, tools.Recognised) else ""
    except AccessError as error:
        backups.note_backup_failure(router=router, now=now, error=asking.stored(error))
        raise
    except NetworkError as error:
        backups.note_backup_failure(router=router, now=now, error=str(error.code))
        raise
    return backups.note_backup(router=router, now=now, text=text, seen_key=seen_key)
