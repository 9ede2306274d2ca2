"""Tests of whole installations: real processes, real routers' protocol, a real browser."""
