"""Files of other systems, one folder each; here, what all of them share."""
