"""Messaging: templates, the outbox and its delivery. Rooms above decide who is told what."""
