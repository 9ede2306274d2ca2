"""Network: sites, routers, pools, connections, and making routers match the rows.

Not for deciding who is cut: that is the state of a service.
"""
