"""Red Andina: a made-up Mexican provider, founded, imported and billed through the real actions."""
