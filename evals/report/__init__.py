"""A comparison told: as text for a terminal, as one HTML page, as JUnit for CI."""
