"""The customers list: its columns, its rows as plain values, its files and its saved views."""
