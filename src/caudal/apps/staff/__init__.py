"""Staff: users, roles, scope and the journal of changes. Not for customers."""
