"""Files of other systems, one folder each; `sheet` and `values` read any of them."""
