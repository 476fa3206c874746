"""The wire to Hyperliquid: formats, signing, one weight budget, a REST and a WebSocket client."""
