"""What came of taking a router's backup: a new one, the same as before, or an error."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Max

from caudal.apps.network.models import BackupPolicy, BackupTry, Router, RouterBackup
from caudal.apps.staff.actor import Actor
from caudal.apps.staff.journal import record
from caudal.core.configs import digest, hide_secrets, whole_lines


@transaction.atomic
def note_backup(*, router: Router, now: datetime, text: str, seen_key: str = "") -> RouterBackup:
    """Keep the configuration where it is another one than the last; secrets are hidden first.

    `seen_key` is the SSH key under which the router answered: the first one is pinned.
    """
    if seen_key and not router.host_key:
        router.host_key = seen_key
        router.save(update_fields=["host_key"])
    shown = hide_secrets(whole_lines(text))
    mark = digest(shown)
    last = RouterBackup.objects.select_for_update().filter(router=router).first()
    if last is not None and last.digest == mark:
        last.seen_at = now
        last.save(update_fields=["seen_at"])
    else:
        last = RouterBackup.objects.create(
            router=router,
            taken_at=now,
            seen_at=now,
            version=router.version,
            digest=mark,
            text=shown,
        )
    _tried(router, tried_at=now, done_at=now, error="")
    return last


@transaction.atomic
def note_backup_failure(*, router: Router, now: datetime, error: str) -> None:
    """`error` as columns keep faults: the code, a colon and the device's own words."""
    _tried(router, tried_at=now, error=error[:300])


def policy() -> BackupPolicy:
    return BackupPolicy.objects.get_or_create(pk=1)[0]


@transaction.atomic
def keep_for(*, actor: Actor, now: datetime, days: int | None) -> None:
    """None: for ever."""
    row = policy()
    before = {"kept_days": row.kept_days}
    row.kept_days = days
    row.save(update_fields=["kept_days"])
    record(actor, "backup.policy", row, now=now, before=before, after={"kept_days": days})


def forget_old(now: datetime) -> int:
    """Remove what no router has been for longer than backups are kept; how many. The newest of
    each router stays, however old."""
    days = policy().kept_days
    if days is None:
        return 0
    newest = RouterBackup.objects.values("router").annotate(last=Max("pk")).values("last")
    old = RouterBackup.objects.filter(seen_at__lt=now - timedelta(days=days))
    return old.exclude(pk__in=list(newest.values_list("last", flat=True))).delete()[0]


def _tried(router: Router, **values: object) -> None:
    BackupTry.objects.update_or_create(router=router, defaults=values)
