"""What a person's own words ask for, for whoever else reads them: nothing is changed that nobody asked to change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from agent.chat.router.arguments import arguments_of
from agent.chat.router.asked import Asked, Setting
from agent.chat.router.routing import fits, taken_apart
from agent.chat.router.vocabulary import Vocabulary

# A hint is enough: this asks whether a reading is possible, not whether it is the best.
_HINT = 0.5
# Of a text's words, this share at least must be known for it to count as English that the rules can read.
_READABLE = 0.5


@dataclass(frozen=True)
class Reading:
    """One message, read by the rules."""

    asked: Asked
    scores: Mapping[str, float] = field(default_factory=dict)
    readable: bool = True

    @classmethod
    def of(cls, text: str, vocabulary: Vocabulary, setting: Setting) -> Reading:
        """Read a message."""
        asked = taken_apart(text, vocabulary, setting)
        known = sum(word.plain in vocabulary.known for word in asked.words)
        scores = {fit.intent.tool: fit.score for fit in fits(asked)}
        return cls(asked, scores, known >= _READABLE * len(asked.words))

    def may_ask_for(self, tool: str, *, unread: bool) -> bool:
        """Whether the message may ask for that tool.

        What the rules cannot read at all (another language) is left to the model, as long as it has read nothing
        else (`unread`): then only the person can have asked.
        """
        return self.scores.get(tool, 0.0) >= _HINT or (unread and not self.readable)

    def statement(self) -> str:
        """The statement that the message makes, without what asks for it to be kept."""
        return str(arguments_of("say", self.asked)[0]["text"])
