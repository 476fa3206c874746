"""The four teams: small modules that meet only on the board."""
