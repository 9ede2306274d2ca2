"""Pure rules of the trade: arithmetic, dates, state tables and diffs, with time as an argument."""
