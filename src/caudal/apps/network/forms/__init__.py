"""Forms of the network room."""
