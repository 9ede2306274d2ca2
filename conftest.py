"""The rig of all tests: which database, no network, and the fixtures that every room uses."""

import os
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.test import Client
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from tests.rig.books import ledger_is_emptied_between_tests_that_commit  # noqa: F401
from tests.rig.network import stay_at_home

stay_at_home()
hypothesis_settings.register_profile(
    "caudal",
    deadline=None,
    derandomize=True,  # a run tells of the code and not of its luck
    suppress_health_check=[HealthCheck.too_slow],  # that is how busy the machine is
)
hypothesis_settings.register_profile(  # to look further: pytest --hypothesis-profile=search
    "search", hypothesis_settings.get_profile("caudal"), derandomize=False
)
hypothesis_settings.load_profile("caudal")
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # Playwright runs a loop in the thread.


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark `database` what touches it; tests that commit give back what migrations put there."""
    for item in items:
        fixtures = set(getattr(item, "fixturenames", ()))
        marker = item.get_closest_marker("django_db")
        if marker is None and not fixtures & {"db", "transactional_db", "live_server"}:
            continue
        if "house" not in item.path.parts:  # the rules of the house are asked once
            item.add_marker("database")
        commits = marker is not None and marker.kwargs.get("transaction", False)
        if commits or fixtures & {"transactional_db", "live_server"}:
            item.add_marker(
                pytest.mark.django_db(transaction=True, serialized_rollback=True), append=False
            )


@pytest.fixture(autouse=True)
def nothing_is_remembered() -> None:
    """Rates per user are counted in the cache, and the next test's user has the same key."""
    from django.core.cache import cache

    cache.clear()


@pytest.fixture
def now() -> datetime:
    """Noon of Sunday 5 July 2026 in Mexico City."""
    return datetime(2026, 7, 5, 18, 0, tzinfo=UTC)


@pytest.fixture
def user_with_role(db: None, now: datetime) -> Callable[..., object]:
    """A function: the user of that standard role ("owner", "cashier" ...), made on first call."""
    from caudal.apps.staff.models import Role, User

    def make(role: str, username: str = "") -> User:
        found = User.objects.filter(username=username or role).first()
        if found is not None:
            return found
        user = User(
            username=username or role,
            name=(username or role).title(),
            role=Role.objects.get(code=role),
            created_at=now,
        )
        user.set_password("a long password")
        user.save()
        return user

    return make


@pytest.fixture
def client_as(user_with_role: Callable[..., object]) -> Callable[..., Client]:
    """A function: a browser in which somebody of that role is logged in."""

    def log_in(role: str, username: str = "") -> Client:
        client = Client()
        client.force_login(
            user_with_role(role, username),  # type: ignore[arg-type]
            backend="caudal.apps.staff.backends.RoleBackend",
        )
        return client

    return log_in
