"""A language model's second opinion on what words alone cannot settle. It advises; no gate reads it."""
