"""Maps: customers and sites where they stand, coloured by state, and files of positions.

The same filters as the customers list. Not for deciding states: it shows what other rooms know.
"""
