"""Settings of the tests: a data folder of their own, SQLite or a real PostgreSQL, cheap passwords.

CAUDAL_TEST_DB=postgres runs on PostgreSQL: on DATABASE_URL if it names one, else on one that is
started for the run. The parent of pytest-xdist's workers starts it, and they inherit the address.
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

from tests.rig import postgres

if "CAUDAL_TEST_FOLDER" not in os.environ:
    os.environ["CAUDAL_TEST_FOLDER"] = tempfile.mkdtemp(prefix="caudal-test-")
    atexit.register(shutil.rmtree, os.environ["CAUDAL_TEST_FOLDER"], ignore_errors=True)
folder = Path(os.environ["CAUDAL_TEST_FOLDER"]) / os.environ.get("PYTEST_XDIST_WORKER", "main")
folder.mkdir(parents=True, exist_ok=True)
os.environ["CAUDAL_DATA"] = str(folder)

if os.environ.get("CAUDAL_TEST_DB") == "postgres":
    if not os.environ.get("DATABASE_URL", "").startswith(("postgres:", "postgresql:")):
        os.environ["DATABASE_URL"] = postgres.start()
else:
    os.environ.pop("DATABASE_URL", None)

for name in ("CAUDAL_DEMO", "CAUDAL_DEBUG", "CAUDAL_HTTPS", "HUEY_URL", "EMAIL_URL"):
    os.environ.pop(name, None)

from caudal.project.settings import *  # noqa: E402, F403
from caudal.project.settings import DATABASES  # noqa: E402

if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # A file, not memory: threads and processes of a test meet in it as they do in earnest.
    DATABASES["default"]["TEST"] = {"NAME": str(folder / "test.sqlite3")}
    # SQLite lets nobody queue: of fifty threads at once one may wait long on a busy machine.
    DATABASES["default"]["OPTIONS"]["timeout"] = 120
DATABASES["default"]["CONN_MAX_AGE"] = 0
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
TIME_ZONE = "America/Mexico_City"
