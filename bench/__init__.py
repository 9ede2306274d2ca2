"""Benchmarks: each prints its time as a ratio to a peer measured in the same run."""
