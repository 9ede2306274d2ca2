"""Ways of reaching customers, one folder each."""
