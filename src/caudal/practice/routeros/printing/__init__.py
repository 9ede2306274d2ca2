"""What a router only knows when it is asked, and the commands that are not about rows."""

from caudal.practice.routeros.printing.tie import install

__all__ = ["install"]
