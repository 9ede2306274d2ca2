"""RADIUS: the tables that FreeRADIUS reads and writes, who is logged in, who was refused and why.

Not for deciding who is cut, nor for what a service should hold: that is the network's.
"""
