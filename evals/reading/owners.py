"""Whose figure a figure is by the words: the metric beside it, its table row, the label before its bracket.

A sheet of a hundred facts holds almost any small number and almost any percentage. So a figure that the words give to
one metric is held against that metric alone: its value, target, prior, year ago, team, and one step between them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cached_property, lru_cache

from evals.reading.binding import COMPARATORS, Binding, fits_unit, reads_as, stands_for, table_head
from evals.reading.derivation import step_within
from evals.reading.facts import same_result
from evals.reading.figures import Figure
from evals.reading.folding import folded_term
from evals.reading.mentions import index_of
from evals.reading.movement_words import movement_words
from evals.reading.reading import Reading
from evals.reading.support import CLOSE, support_of

# The members of a fact's id: "Kept the current system" of `loss_reasons[reason=Kept the current system]`.
_MEMBER = re.compile(r"=([^,\]]+)")
# What stands between a label and its figure: "kept the current system (6)", "Webinar: $240K", "Webinar – $240K".
_LABELLED = re.compile(r"\s*(?:[(:–—]|\s-\s)\s*$")
_WORD = re.compile(r"\w+")
_BORDER = re.compile(r"[,;:.،؛](?=\s)|[()|–—]")
# From here on a name stands so near that the figure is its own, whatever an earlier sentence was about.
_NAMED = 4.5
_TELLING = 4
# One and two are pronouns as often as figures.
_PRONOUN = 2
_SHARE_REACH = 40
_UNITS = frozenset({"percent", "money", "multiple", "days", "hours", "minutes", "weeks"})


class Owners:
    """Finds the owners of the figures of one reading."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.support = support_of(reading)
        # Whether a column's head names an attainment.
        self._attainments: dict[str, bool] = {}
        language = reading.language
        self.targets = language.pattern("movement.target")
        self.against = language.pattern("movement.against")
        self._older = movement_words(language).before_older
        link = language.pattern("movement.target_link").pattern
        self._called = re.compile(rf"(?:{self.targets.pattern})\s+(?:(?:{link})\s+)?$")
        off = language.pattern("movement.above", "movement.below", "movement.missed").pattern
        self._stands_off = re.compile(rf"\s*(?:{off})")
        self._of = tuple(f" {word} " for word in language.words("numbers.links.of"))

    def misgiven(self, binding: Binding) -> int | None:
        """The fact that the words give a figure to although it is none of its numbers; None where all is well."""
        figure = binding.figure
        if figure.kind in ("none", "fraction", "multiplied", "years", "working_days") or figure.sentence.block.head_row:
            return None
        labelled = self._labelled(figure)
        if labelled:
            numbers = [
                (fact, getattr(fact, name))
                for fact in map(self.reading.facts.__getitem__, labelled)
                for name in COMPARATORS
            ]
            told = any(stands_for(figure, fact, number) for fact, number in numbers)
            return None if told or self.support.in_evidence(figure) else labelled[0]
        shares = self._share_of_target(figure) or self._in_column(figure)
        if shares:
            return None if self._is_attainment(figure, shares) else shares[0]
        for owners, level in (
            (self._in_row(figure), False),
            (self._apart(figure), False),
            (self._named(binding), True),
        ):
            if owners:
                return None if self._holds(figure, owners, level) else owners[0]
        return None

    def _holds(self, figure: Figure, owners: Sequence[int], level: bool = False) -> bool:
        """Whether the figure is a number of one of the facts, of what they are part of, or one step between them.

        A `level` is no change and no share: of the steps, only a gap in money may be told like one.
        """
        facts = self.reading.facts
        for place in self._kin(figure, owners):
            fact = facts[place]
            numbers = [getattr(fact, name) for name in COMPARATORS]
            if fits_unit(figure, fact) and any(stands_for(figure, fact, number) for number in numbers):
                return True
            # "Revenue came in $1,800 light": the gap may be told by words that no list holds.
            gap = level and figure.kind == "money" and step_within(figure, fact) == "difference"
            if gap or (not level and place in owners and step_within(figure, fact) is not None):
                return True
        return self.support.in_evidence(figure)

    def _kin(self, figure: Figure, owners: Sequence[int]) -> list[int]:
        """The facts, the same results told in another unit, and their parts that the sentence or its heading names."""
        facts = self.reading.facts
        sentence = figure.sentence
        heading = sentence.block.section.heading
        words = f"{heading.folded if heading is not None else ''} {sentence.block.folded}"
        found = []
        for place, fact in enumerate(facts):
            if any(place == owner or same_result(fact, facts[owner]) for owner in owners):
                found.append(place)
            elif any(fact.metric_id == facts[owner].metric_id for owner in owners):
                members = [folded_term(match[1].replace("_", " ")) for match in _MEMBER.finditer(fact.id)]
                if all(member in words for member in members):
                    found.append(place)
        return found

    def _is_attainment(self, figure: Figure, owners: Sequence[int]) -> bool:
        """Whether a percentage is the share of its target that one of the facts reached, now or before."""
        if figure.kind != "percent":
            return False
        for fact in (self.reading.facts[owner] for owner in owners):
            if fact.target and reads_as(figure, fact.value / fact.target):
                return True
            whole = fact.kind == "ratio" and fact.target == 1.0
            if whole and any(stands_for(figure, fact, getattr(fact, name)) for name in COMPARATORS):
                return True
        return self.support.in_evidence(figure)

    @cached_property
    def _members(self) -> dict[str, list[int]]:
        """The folded names of the members that facts are told by, and those facts."""
        found: dict[str, list[int]] = {}
        for place, fact in enumerate(self.reading.facts):
            for match in _MEMBER.finditer(fact.id):
                name = folded_term(match[1].replace("_", " "))
                if len(name) >= _TELLING:
                    found.setdefault(name, []).append(place)
        return found

    def _labelled(self, figure: Figure) -> list[int]:
        """The facts of the member that stands as the figure's label: before its bracket or colon."""
        before = figure.sentence.folded[: figure.first]
        label = _LABELLED.search(before)
        if label is None:
            return []
        words = before[: label.start()]
        if any(
            mention.strong and mention.last == len(words) for mention in self.reading.mentions[figure.sentence.number]
        ):
            return []
        names = [name for name in self._members if words.endswith(name) and not words[: -len(name)][-1:].isalnum()]
        owners = self._members[max(names, key=len)] if names else []
        return [place for place in owners if fits_unit(figure, self.reading.facts[place]) == 1.0]

    def _share_of_target(self, figure: Figure) -> list[int]:
        """The facts with a target, where a percentage is told as the share of one: "111% of the $504,500 quota"."""
        if figure.kind != "percent" or figure.sentence.block.cells:
            return []
        after = figure.sentence.folded[figure.last : figure.last + _SHARE_REACH]
        if not after.startswith(self._of):
            return []
        target = self.targets.search(after)
        if target is None or _BORDER.search(after, 0, target.start()) or self.against.search(after, 0, target.start()):
            return []
        facts = self.reading.facts
        named = {mention.fact for mention in self.reading.mentions[figure.sentence.number] if mention.strong}
        told = {
            other.fact
            for other in self.reading.by_sentence[figure.sentence.number]
            if other.comparator == "target" and 0 < other.figure.first - figure.last < target.end()
        }
        return [
            place
            for place, fact in enumerate(facts)
            if fact.target
            and (fact.kind != "ratio" or fact.target == 1.0 or place in named)
            and (not told or place in told or any(same_result(fact, facts[other]) for other in told))
        ]

    def _in_row(self, figure: Figure) -> list[int]:
        """The facts that a table row's first cell names, where the figure's unit is one of theirs."""
        cells = figure.sentence.block.cells
        if not cells:
            return []
        offset = figure.sentence.first
        if figure.first + offset < cells[0].end:
            return []
        named = [
            mention.fact
            for mention in self.reading.mentions[figure.sentence.number]
            if mention.strong and mention.first + offset < cells[0].end
        ]
        facts = self.reading.facts
        kinds = {facts[place].kind for place in named}
        fits = any(fits_unit(figure, facts[place]) == 1.0 for place in named)
        share = figure.kind == "percent" and any(facts[place].target for place in named)
        return named if kinds and (fits or share) else []

    def _in_column(self, figure: Figure) -> list[int]:
        """The facts of a row, where its column is called after an attainment: "| Attainment |"."""
        head = table_head(figure) if figure.kind == "percent" else ""
        if not head:
            return []
        if head not in self._attainments:
            found = index_of(self.reading.facts, self.reading.language).find(list(_WORD.finditer(head)))
            named = {self._metric(mention.fact) for mention in found if mention.strong}
            self._attainments[head] = any(metric.endswith("attainment") for metric in named)
        row = self._in_row(figure) if self._attainments[head] else []
        return [place for place in row if self.reading.facts[place].target]

    def _apart(self, figure: Figure) -> list[int]:
        """The facts that a gap may lie between: those that its sentence names or gives figures of."""
        if figure.kind == "points":
            kinds = {"ratio"} if self.support.is_change(figure) else set()
        else:
            short = figure.kind == "money" and self._stands_off.match(figure.sentence.folded, figure.last)
            kinds = {"currency"} if short else set()
        sentence = figure.sentence
        named = [mention.fact for mention in self.reading.mentions[sentence.number] if mention.strong]
        here = self.reading.by_sentence.get(sentence.number, ())
        # A gap to somebody else's figure: "$96,000 more than Beata ($390,000)".
        if figure.kind == "money" and any(
            other.how == "unbound" and other.figure.kind == "money" and other.figure is not figure for other in here
        ):
            return []
        named += [other.fact for other in here if other.fact is not None and other.sure and other.figure is not figure]
        return named if any(self.reading.facts[place].kind in kinds for place in named) else []

    def _named(self, binding: Binding) -> list[int]:
        """The fact whose name stands right at the figure, which tells its level and is not clearly another's."""
        figure = binding.figure
        if figure.sentence.block.cells or figure.modifier is not None or self.support.is_change(figure):
            return []
        about, near = self._nearest(figure)
        if about is None:
            return []
        stranger = binding.fact is not None and self.reading.facts[binding.fact].metric_id != self._metric(about)
        if stranger and binding.near >= min(near, _NAMED) - 2.0:
            return []
        second = self._is_second(figure)
        if self._told_elsewhere(figure, about) and not second:
            return []
        # "From 27%", far from the name: of the one fact that the sentence names.
        if second and near > 0 and self._alone(figure, about):
            near = _NAMED
        if figure.kind in _UNITS:
            return [about] if near >= CLOSE else []
        if figure.spelled and figure.number <= _PRONOUN:
            return []
        return [about] if near >= _NAMED - 0.5 and self._stands_alone(figure, about) else []

    def _metric(self, place: int) -> str:
        return self.reading.facts[place].metric_id

    def _alone(self, figure: Figure, place: int) -> bool:
        """Whether the sentence names no other metric whose unit is the figure's."""
        facts = self.reading.facts
        named = {mention.fact for mention in self.reading.mentions[figure.sentence.number]}
        return not any(
            self._metric(other) != self._metric(place) and fits_unit(figure, facts[other]) for other in named
        )

    def _nearest(self, figure: Figure) -> tuple[int | None, float]:
        """The fact of the figure's unit whose full name stands nearest, and how near; not one that spans the figure."""
        best, choice = 0.0, None
        for mention in self.reading.mentions[figure.sentence.number]:
            apart = mention.last <= figure.first or mention.first >= figure.last
            if not (mention.strong and apart) or fits_unit(figure, self.reading.facts[mention.fact]) < 1.0:
                continue
            near = self.reading.binder.mention_score(figure, mention)
            if near > best:
                best, choice = near, mention.fact
        return choice, best

    def _told_elsewhere(self, figure: Figure, place: int) -> bool:
        """Whether another figure of the sentence tells the fact's value."""
        here = self.reading.by_sentence.get(figure.sentence.number, ())
        return any(
            other.fact == place and other.comparator == "value" and other.figure is not figure and other.near >= CLOSE
            for other in here
        )

    def _is_second(self, figure: Figure) -> bool:
        """Whether a figure is what another is held against: "from 27%", "against 90%", "the 90% target"."""
        folded = figure.sentence.folded
        before, after = folded[max(0, figure.first - 14) : figure.first], folded[figure.last : figure.last + 14]
        word = re.match(r"[\s-]?(\w+)", after)
        called = word is not None and self.targets.search(word[1]) is not None
        return (
            called
            or self._called.search(folded[max(0, figure.first - 24) : figure.first]) is not None
            or self._older.search(before) is not None
            or self.against.search(before) is not None
        )

    def _stands_alone(self, figure: Figure, about: int) -> bool:
        """Whether a count counts nothing but what the fact's name says: "deals won: 12, up from 10", "12 deals won"."""
        mentions = self.reading.mentions[figure.sentence.number]
        if any(mention.fact == about and 0 <= mention.first - figure.last <= 1 for mention in mentions):
            return True
        ends = [mention.last for mention in mentions if mention.fact == about and mention.last <= figure.first]
        others = [other.figure.first for other in self.reading.by_sentence[figure.sentence.number]]
        if not ends or (any(max(ends) <= at < figure.first for at in others) and not self._is_second(figure)):
            return False
        following = figure.sentence.folded[figure.last :].lstrip()
        return not self.support.thing(figure) or self.against.match(following) is not None


@lru_cache(maxsize=8)
def owners_of(reading: Reading) -> Owners:
    """The reading's owners, worked out once."""
    return Owners(reading)
