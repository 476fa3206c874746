"""The tests: `unit` needs nothing, the others use real servers on loopback."""
