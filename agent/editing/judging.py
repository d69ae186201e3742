"""What speaks against new text: what it would lose, how it is worded, and what guard and checks say of it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from agent.draft import Draft, DraftFinding, Section, Text
from agent.drafting import Review, section_text
from agent.editing.by_hand import manual_claims
from agent.editing.conserving import losses
from agent.editing.doubling import doublings
from agent.editing.kept import Loss
from agent.editing.languages import sheet_in, throughout
from agent.editing.plans import plan_of, statements
from agent.editing.structure import shortfalls_lost
from agent.editing.vocabulary import Vocabulary, vocabulary
from agent.editing.wording import wording_losses
from agent.guard import refusals
from agent.markdown import to_markdown
from agent.naming import lowered
from agent.plan import Plan, plan_summary
from agent.printing import Printer
from prompts.loader import PromptSet
from tools.facts import FactSheet

# A new finding of these checks refuses a rewrite, whatever their weight: it says what nothing on record supports.
_REFUSING = frozenset({"unsupported_claim"})
_DIGITS = re.compile(r"\d+")


@dataclass(frozen=True)
class Refusal:
    """A section whose old text stays: its title, and each thing that the rewrite would have lost or bent."""

    section: str
    title: str
    reasons: tuple[str, ...]

    @classmethod
    def of(cls, section: Section, found: Sequence[Loss]) -> Refusal:
        return cls(section.id, section.title, tuple(dict.fromkeys(loss.for_people for loss in found)))


class Judge:
    """Holds new text of one draft against the old.

    `locale`: the language that the new text is to be in, `spoken`: that of the old; both are the draft's without.
    """

    def __init__(
        self,
        draft: Draft,
        prompts: PromptSet,
        review: Review | None,
        locale: str | None = None,
        spoken: str | None = None,
    ) -> None:
        self.prompts = prompts
        self.locale = locale or draft.locale
        spoken = spoken or draft.locale
        self.translated = self.locale != spoken
        self.review = _remembering(review) if review is not None else None
        self.language = prompts.language(self.locale)
        self.printer = Printer(draft.sheet, self.language, self.locale)
        self._words: Vocabulary = vocabulary(prompts, self.locale, spoken if self.translated else None)
        self._whole: Plan = plan_summary(draft.sheet, prompts)
        self._known = Counter(self._identity(finding) for finding in self._refusing(draft))
        # Old words around figures of another locale read oddly to the checks; no new text is to blame for that.
        going = self._refusing(throughout(draft, prompts, self.locale)) if self.translated else []
        self._unread = Counter((finding.check, finding.message) for finding in going)

    def plan(self, draft: Draft) -> Plan:
        """What the draft must go on saying."""
        return plan_of(draft, self.prompts, self._whole)

    def objections(self, before: Section, after: Section, draft: Draft) -> list[Loss]:
        """Why `after`, printed, may not stand where `before` does; the checks have not been asked yet."""
        if after.blocks == before.blocks and not self.translated:
            return []
        if self.translated and (said := own_words(after)) and said == own_words(before):
            return [Loss("this version is not in the language asked for", "write every sentence in that language")]
        found = losses(before, after, draft, self.printer, translated=self.translated)
        found += wording_losses(before, after, draft.sheet, self._words)
        found += doublings(before, after, self._words.plain)
        # What a person would miss is told first; the guard's demands only where nothing is.
        return list(dict.fromkeys(found)) or [Loss(reason) for reason in self._guarded(before, after, draft)]

    def findings(self, candidate: Draft, changed: Sequence[Section]) -> dict[str, list[Loss]]:
        """The checks' new findings by the changed section that they quote; those that quote none stand under ""."""
        texts = {section.id: section_text(section) for section in changed}
        found: dict[str, list[Loss]] = {}
        known, unread = Counter(self._known), Counter(self._unread)
        for finding in self._refusing(candidate):
            if unread[finding.check, finding.message] > 0:
                unread[finding.check, finding.message] -= 1
                continue
            if known[self._identity(finding)] > 0:
                # Said of one figure in another language, it is one complaint, and each excuses one alone.
                known[self._identity(finding)] -= self.translated
                continue
            said = Loss(f"{finding.message} {finding.suggestion}".strip())
            quoting = [section for section, text in texts.items() if finding.quote and finding.quote in text]
            if quoting or finding.severity == "hard":
                for section in quoting or [""]:
                    found.setdefault(section, []).append(said)
        return found

    def whole(self, before: Draft, after: Draft) -> list[Loss]:
        """Why a draft whose blocks were moved or taken out may not stand."""
        lost = [before.sheet.fact(fact) for fact in shortfalls_lost(before, after)]
        found = [
            Loss(f"this version no longer says where a hurried reader looks that {lowered(fact.label)} fell short")
            for fact in lost
            if fact is not None
        ]
        return found or [loss for listed in self.findings(after, after.all_sections).values() for loss in listed]

    def _guarded(self, before: Section, after: Section, draft: Draft) -> list[str]:
        """What the guard holds against the new text that it would not have held against the old."""
        plan = self.plan(draft)
        planned = plan.section(before.id)
        old = before.model_copy(update={"written_by": after.written_by})
        # "Some 115 words" and "some 118 words" are one complaint.
        known = {_DIGITS.sub("#", reason) for reason in refusals(old, planned, plan, self.language)}
        new = refusals(after, planned, plan, self.language)
        return [reason for reason in new if _DIGITS.sub("#", reason) not in known]

    def _identity(self, finding: DraftFinding) -> tuple[str, ...]:
        """What makes a finding the same one in reworded text: its check, and what it says of the facts."""
        return (finding.check,) if self.translated else (finding.check, finding.message)

    def _refusing(self, draft: Draft) -> list[DraftFinding]:
        """The findings that may refuse an edit."""
        if self.review is None:
            return []
        found = self.review(to_markdown(throughout(draft, self.prompts), marked=False), sheet_in(draft, self.prompts))
        return [finding for finding in found if finding.severity == "hard" or finding.check in _REFUSING]


def own_words(section: Section) -> list[str]:
    """What a section says around its tokens."""
    parts = (part for statement in statements(section) for part in statement.parts)
    return [part.text for part in parts if isinstance(part, Text) and any(letter.isalpha() for letter in part.text)]


def with_findings(draft: Draft, review: Review, prompts: PromptSet) -> Draft:
    """The draft with what the checks find in it now, manual claims among it."""
    left = [section for section in draft.all_sections if section.locale is not None]
    found = [_in_two_languages(left)] if left else review(to_markdown(draft, marked=False), sheet_in(draft, prompts))
    return draft.model_copy(update={"findings": (*found, *manual_claims(draft))})


def _in_two_languages(left: Sequence[Section]) -> DraftFinding:
    """The checks read a draft in one language; of one in two they would complain of what is right in the other."""
    titles = ", ".join(section.title for section in left)
    return DraftFinding(
        check="two_languages",
        severity="soft",
        quote="",
        message=f"Not translated: {titles}. The checks have not read this version.",
        suggestion="Ask for the language again, or go back to the version before.",
    )


def _remembering(review: Review) -> Review:
    """The same checks, each text read once."""
    read: dict[str, Sequence[DraftFinding]] = {}

    def remembered(markdown: str, sheet: FactSheet) -> Sequence[DraftFinding]:
        if markdown not in read:
            read[markdown] = review(markdown, sheet)
        return read[markdown]

    return remembered
