"""A worker of its own for one run: prints its seconds and the most memory it held, as JSON."""

import json
import os
import resource
import sys
from datetime import UTC, datetime, time

from bench.report import timed


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bench.settings")
    import django

    django.setup()
    from caudal.apps.billing.creation import create_invoices

    day = datetime.fromisoformat(sys.argv[1]).date()
    now = datetime.combine(day, time(13), UTC)
    seconds = timed(lambda: create_invoices(day, now))
    kib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(json.dumps({"seconds": seconds, "mib": kib / 1024}))


if __name__ == "__main__":
    main()
