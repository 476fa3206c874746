"""Servers beside the embedded one that tests run on: where they are, how to start them."""
