"""Training: the practice routers of the demo, seen from outside, and what can go wrong with them.

Not for real routers: nothing here exists outside the demo.
"""
