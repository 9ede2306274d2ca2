"""Outages: who is without service through no fault of his own, and since when.

Low on the staircase, so that whoever cuts, charges or reminds can ask. Not for how an outage is
noticed nor for what lies behind a device: that is monitoring.
"""
