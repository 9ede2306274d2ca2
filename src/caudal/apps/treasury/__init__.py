"""Treasury: money that arrives from gateways, banks and customers' reports, until it is a payment.

It registers payments through the payments room and keeps no money of its own.
"""
