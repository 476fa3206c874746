"""What breaks on purpose, and what comes of it: each test proves one line of docs/faults.md."""
