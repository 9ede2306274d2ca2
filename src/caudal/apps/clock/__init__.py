"""Clock: what time it is, which jobs are due and what each run did.

Not for the work itself: that is in each room's jobs.
"""
