"""The central intelligence layer: reads what all teams post, learns from it, and guides by insight."""
