"""Billing: calendars, invoices, what is cut and why. Never talks to a router: it changes the state of a service."""
