"""Job log: the screens of the clock: what ran, what is due next, and the demo clock's mover.

Not for running jobs: that is the clock room, which stands below the staff and has no screens.
"""
