"""How staff log in, and what `user.has_perm` answers: the verbs of the role."""

from typing import Any

from django.contrib.auth.backends import BaseBackend
from django.http import HttpRequest

from caudal.apps.staff.models import User


def name_tried(request: HttpRequest | None, credentials: dict[str, Any] | None) -> str:
    """Under which name failed tries are counted: one and the same for every way to type it.

    Names are found whatever their case; counted as typed, each spelling would get tries of its own.
    """
    typed = (credentials or (request.POST if request else {})).get("username")
    return str(typed or "").strip().upper()


class RoleBackend(BaseBackend):
    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **kwargs: Any,
    ) -> User | None:
        if not username or not password:
            return None
        try:
            user = User.objects.get_by_natural_key(username)
        except User.DoesNotExist:
            # As slow as a real check, so that the time does not tell which names exist.
            User().set_password(password)
            return None
        return user if user.is_active and user.check_password(password) else None

    def get_user(self, user_id: int) -> User | None:
        return User.objects.select_related("role").filter(pk=user_id, is_active=True).first()

    def has_perm(self, user_obj: Any, perm: str, obj: Any = None) -> bool:
        return bool(user_obj.is_authenticated and user_obj.may(perm))
