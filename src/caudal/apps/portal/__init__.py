"""What customers see of their provider: for now the page that a router shows who is cut or owes.

The page is public and belongs to whoever opens it at the address that it tells about. It is not
the staff's view of a customer (desk), and it decides nothing: who is cut is decided in dunning.
"""
