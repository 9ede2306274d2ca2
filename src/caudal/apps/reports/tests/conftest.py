"""Who looks at reports, and the town that they are about."""

from collections.abc import Callable

import pytest

from caudal.apps.reports.tests.town import Town
from caudal.apps.staff.models import User


@pytest.fixture
def owner(user_with_role: Callable[..., User]) -> User:
    return user_with_role("owner")


@pytest.fixture
def town(owner: User) -> Town:
    return Town(owner)
