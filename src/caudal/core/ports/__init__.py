"""The sockets: what the product asks of the outside, one small Protocol each."""
