"""The running service: parts side by side, roles led by one process at a time, and what restarts them."""

from strandloom.service.parts import Part, Service

__all__ = ["Part", "Service"]
