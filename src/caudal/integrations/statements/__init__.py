"""Files that banks give out, one folder per format."""
