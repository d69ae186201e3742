"""The writer that needs no language model: frames and slots instead of a prompt, the same plan and the same guard."""

from agent.composer.composer import Composer
from agent.composer.facts_only import compose_facts_section

__all__ = ["Composer", "compose_facts_section"]
