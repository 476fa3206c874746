"""Double-entry books of every venue account, and how they are held against what the venue says."""
