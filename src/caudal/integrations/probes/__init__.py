"""Ways of asking a device how it is, one folder each."""
