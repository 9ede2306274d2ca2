"""What tests stand on: a folder of their own, a real PostgreSQL, no network."""
