"""Customers: zones, customers, contacts and services, and why a service is suspended.

Not for routers nor money: the network room and billing follow what changes here.
"""
