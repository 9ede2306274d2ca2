"""Settings, URLs, servers and the caudal command."""
