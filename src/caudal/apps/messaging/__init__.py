"""Messaging: templates, the outbox and its delivery. Not for deciding who is told what: rooms above leave a row."""
