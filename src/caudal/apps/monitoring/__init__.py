"""Monitoring: devices and their checks, alarms, and the outages and credits that follow from them.

Not for who is held during an outage: that is outages, which the rooms below may ask.
"""
