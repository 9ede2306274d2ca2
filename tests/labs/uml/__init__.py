"""A real PPPoE session in a kernel of its own (user-mode Linux): nothing of it leaves it."""
