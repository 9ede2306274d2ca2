"""Treasury: money that arrives from outside (gateways, bank statements, customers' reports) and waits to become a payment."""
