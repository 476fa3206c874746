"""The features that modules read: families of indicators with fixed parameters, names and units."""
