"""Made-up organisations: the demo with its five reference people, and seeded worlds for evals and tests."""
