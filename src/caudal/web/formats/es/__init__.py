"""Spanish of Latin America: 5/7/2026 and 1,234.50."""
