"""Filters of the network's templates."""
