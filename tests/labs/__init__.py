"""Laboratories: real routers, real servers, traffic that flows."""
