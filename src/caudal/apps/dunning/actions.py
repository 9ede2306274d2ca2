"""Every write of the dunning room."""

from caudal.apps.dunning.cuts import cut_overdue, restore_paid

__all__ = ["cut_overdue", "restore_paid"]
