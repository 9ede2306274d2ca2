"""How each kind of run does its rows: some at a time, only those that are still true."""
