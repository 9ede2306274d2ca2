"""Reports: what the rows of other rooms add up to over months. Reads only; nothing is kept here."""
