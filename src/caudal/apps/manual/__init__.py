"""The operators' manual as people read it: docs/manual drawn inside the panel, found by its words,
opened at the place that explains the screen one stands at. It says nothing of any customer.
"""
