"""Customers: zones, customers, their contacts and services, and why a service is suspended. Not for routers nor money."""
