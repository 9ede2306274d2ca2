"""What people look up on routers themselves: who is connected, ARP, leases, radios, pings, traffic.

And backups. Not for reconciliation, which reads and writes by itself in `sync`.
"""
