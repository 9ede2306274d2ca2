"""Desk: the staff's screens that cross rooms: dashboard, customers list, registration, customer page, cash desk."""
