"""What each kind of run would do: its rows before they are stored."""
