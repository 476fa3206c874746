"""The whole service under fire: processes killed and frozen, the database crashed, the exchange cut off."""
