"""What came of taking a router's backup: a new one, the same as before, or an error."""

from datetime import datetime

from django.db import transaction

from caudal.apps.network.models import BackupTry, Router, RouterBackup
from caudal.core.configs import digest, hide_secrets, whole_lines


@transaction.atomic
def note_backup(*, router: Router, now: datetime, text: str) -> RouterBackup:
    """Keep the configuration where it is another one than the last; secrets are hidden first."""
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


def _tried(router: Router, **values: object) -> None:
    BackupTry.objects.update_or_create(router=router, defaults=values)
