"""Screens of monitoring: devices, outages, credits, and what other pages show of them."""
