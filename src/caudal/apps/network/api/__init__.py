"""The API of the network: routers, their differences and journal, brakes and decisions."""
