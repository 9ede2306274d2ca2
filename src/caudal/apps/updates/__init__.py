"""Updates: customers and services changed by a file that somebody edited in a spreadsheet.

The file is compared with the rows, shown cell by cell, and what is ticked is done as one act on
many customers that can be taken back. Not for customers who are new: those are imports.
"""
