"""Ways of reaching customers, one folder each; `mail.py` is what those for e-mail share."""
