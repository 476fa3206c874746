"""Simulations with known truth: what the gate promotes, what demotion notices, what a null rejects."""
