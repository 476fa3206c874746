"""How the network learns: outcomes, evidence and what follows from them."""
