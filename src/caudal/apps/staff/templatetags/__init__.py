"""Template tags about who acts."""
