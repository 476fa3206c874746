"""The exchange over HTTP and WebSocket: the protocol of Hyperliquid, in front of the engine."""
