"""Hyperliquid as a venue: the venue itself, its testnet, or the built-in exchange over HTTP."""
