"""`./caudal bench [name ...]`: the benchmarks in ALL, on a real PostgreSQL, as ratios."""

import os
import sys
import tempfile
from importlib import import_module

ALL = (
    "invoices", "books", "lists", "search", "cuts", "routers", "wanted", "pdf", "statement",
    "radius", "map", "monitoring", "previews", "churn",
)  # fmt: skip


def main() -> int:
    names = sys.argv[1:] or list(ALL)
    if unknown := set(names) - set(ALL):
        print(f"No such benchmark: {', '.join(sorted(unknown))}. There are {', '.join(ALL)}.")
        return 2
    _prepare()
    good = True
    for name in names:
        for result in import_module(f"bench.{name}").run():
            print(result.line(), flush=True)
            good = good and result.good
    return 0 if good else 1


def _prepare() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "bench.settings"
    os.environ["CAUDAL_DATA"] = tempfile.mkdtemp(prefix="caudal-bench-")
    if not os.environ.get("DATABASE_URL"):
        from tests.rig.postgres import start

        os.environ["DATABASE_URL"] = start()
    import django

    django.setup()
    from django.test.utils import setup_databases

    setup_databases(verbosity=0, interactive=False, serialized_aliases=[])


if __name__ == "__main__":
    sys.exit(main())
