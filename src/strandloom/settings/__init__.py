"""What a person may set: the fields, and how they are read from command line, environment and files."""

from strandloom.settings.fields import Settings
from strandloom.settings.load import InForce, load, read

__all__ = ["InForce", "Settings", "load", "read"]
