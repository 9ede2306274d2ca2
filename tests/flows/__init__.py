"""The billing cases and invariants, told in a few verbs over the real rooms."""
