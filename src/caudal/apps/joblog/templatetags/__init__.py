"""Template tags of the job log."""
