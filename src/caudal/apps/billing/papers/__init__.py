"""What billing puts on paper: sheets of invoices, statements, notes and letters."""
