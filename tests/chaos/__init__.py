"""Storms over the board: processes and the server killed at random, and a count of what came out."""
