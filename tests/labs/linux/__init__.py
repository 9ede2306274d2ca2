"""A real Linux router in namespaces, with customers behind it."""
