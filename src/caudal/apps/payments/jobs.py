"""Nothing of payments waits for the clock yet; the worker learns here how receipts are attached."""

from caudal.apps.payments import documents

__all__ = ["documents"]
