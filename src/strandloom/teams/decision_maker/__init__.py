"""The Decision Maker: plans with everything in them, and a gate that fails closed."""
