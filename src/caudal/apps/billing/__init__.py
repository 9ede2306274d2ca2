"""Billing: calendars, invoices, what is cut and why. It changes states, never talks to a router."""
