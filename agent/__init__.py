"""Drafting: plan, writers, guard, and what people run. `cli` is outermost."""
