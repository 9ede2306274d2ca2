"""Bulk: one act on many rows: asked once, done row by row in the background, undone as one.

Rooms register what may be chosen and what may be done with it. Not for the deeds themselves: they
are the actions of those rooms.
"""
