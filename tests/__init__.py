"""Tests that cross rooms: rules, conformance kits, practice, flows, the browser and the house."""
