"""Desk: the staff's screens that cross rooms: dashboard, customers, registration, search.

Not for rules or rows of its own: it calls one action of each room.
"""
