"""A real FreeRADIUS on the product's own tables."""
