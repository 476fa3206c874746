"""What began when, quarter hour by quarter hour, and what the quarters say together."""
