"""Venues behind one port: where orders go, and where fills and positions come from."""
