"""Language models: which, called how, and the writer that asks them. Nothing heavy is loaded before one is used."""

from agent.models.choice import check_model, make_model
from agent.models.writer import ModelWriter, open_writer

__all__ = ["ModelWriter", "check_model", "make_model", "open_writer"]
