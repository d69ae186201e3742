"""Plain English without a model: words, what they name, and the one call of a tool that they ask for."""
