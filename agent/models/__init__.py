"""Language models: which, called how, and the writer that asks them. Nothing heavy is loaded before one is used."""

from agent.models.choice import make_model, warm_up
from agent.models.writer import ModelWriter, open_writer

__all__ = ["ModelWriter", "make_model", "open_writer", "warm_up"]
