"""Files of other systems, one folder each; `integrations.sheet` opens any of them."""
