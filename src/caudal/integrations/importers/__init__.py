"""Files of other systems, one folder each; `sheet` opens any of them."""
