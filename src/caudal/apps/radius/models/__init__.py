"""Tables that FreeRADIUS reads (answers, clients, policy) and writes (sessions, refusals)."""

from caudal.apps.radius.models.answers import Client, Login, Policy
from caudal.apps.radius.models.heard import Rejection, Session, SessionQuerySet

__all__ = ["Client", "Login", "Policy", "Rejection", "Session", "SessionQuerySet"]
