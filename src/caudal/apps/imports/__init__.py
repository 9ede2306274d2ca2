"""Imports: files of other systems and living routers, read, previewed and taken over."""
