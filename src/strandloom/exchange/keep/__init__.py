"""How the exchange outlives its process: a snapshot of the state and the commands since, bit for bit."""
