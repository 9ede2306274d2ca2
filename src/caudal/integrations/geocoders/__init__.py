"""Services that know where addresses are, one folder each."""
