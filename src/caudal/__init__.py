"""Caudal runs an internet provider: customers, plans, routers, invoices and payments."""
