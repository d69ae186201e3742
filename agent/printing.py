"""Prints drafts: tokens become figures, comparisons and directions, in the words of one language file.

Everything a reader relies on is decided here and nowhere else: how far a value is rounded, which way it moved, and on
which side of its target it lies. CRM text is escaped, so that a note can neither format the page nor load anything.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Literal

from babel import Locale
from babel.dates import format_date
from babel.numbers import get_currency_symbol

from agent.comparing import comparator, hardly_moved, redefined
from agent.draft import (
    Against,
    Attainment,
    Claim,
    Comparison,
    FactToken,
    Goal,
    Name,
    Part,
    Quotation,
    Section,
    Statement,
    Target,
    Text,
)  # fmt: skip
from agent.naming import ISO_DAY, date_range, dimension, escape, label_in, lowered, period_name, saying_in, why_in
from tools.facts import Fact, FactSheet
from tools.quantities import Among, Display, Unit, display, display_against, display_among

_TIMES = ("days", "hours", "minutes")
# An attainment and its goal agree when the share recomputed from the goal is within this distance.
_SAME_SHARE = 0.001
# How many digits a distance may ask for: the one to an average of colleagues is not worth any.
_MOST_MORE_DIGITS = {"target": 1, "team": 0}
# A missed target of up to this count is told without a distance: "2, against a target of 1".
_FEW = 2


# Names of days and periods are written here, not in anybody's records.
_DAYS = frozenset({"period", "prior_period", "year_ago_period", "dates", "note_date", "started", "left", "ramp_until"})
# What holds letters of the Latin alphabet, or a sign whose place depends on the direction around it.
_LEFT_TO_RIGHT = re.compile(r"[A-Za-z×$€£]")

# $560K, $560,000 or USD 560,000.
MoneyStyle = Literal["compact", "full", "code"]


class Printer:
    """Prints the parts of one fact sheet's drafts in one locale. `language` is that locale's `languages/*.toml`."""

    def __init__(
        self, sheet: FactSheet, language: Mapping[str, Any], locale: str = "en", money: MoneyStyle = "compact"
    ) -> None:
        self.sheet = sheet
        self.money = money
        self.language = language
        self.locale = locale
        self._facts = {fact.id: fact for fact in sheet.facts}
        self._notes = {note.id: note for note in sheet.evidence}
        self._attainments = set(language["comparison"]["attainment"])

    def statement(self, statement: Statement) -> Statement:
        """The same statement with its text printed for this locale."""
        return statement.model_copy(update={"text": "".join(self.part(part) for part in statement.parts)})

    def section(self, section: Section) -> Section:
        """The same section with every statement printed."""
        blocks = tuple(
            block.model_copy(update={"statements": tuple(self.statement(each) for each in block.statements)})
            for block in section.blocks
        )
        return section.model_copy(update={"blocks": blocks})

    def part(self, part: Part) -> str:
        match part:
            case Text() | Claim():
                return part.text
            case FactToken():
                return self._styled(self.figure(self._facts[part.fact], exact=part.exact or self._full(part.fact)))
            case Comparison():
                fact = self._facts[part.fact]
                return self._styled(self.comparison(fact, part.against, part.form, part.beside))
            case Target():
                return self._styled(self._target(self._facts[part.fact], part))
            case Attainment():
                return self._attainment(self._facts[part.fact])
            case Quotation():
                words = escape(_cased(part))
                return self._owned(part.evidence, self._apart(f"“{words}”" if part.marks else words))
            case Name():
                name = self._name(part)
                safe = name if part.name in _DAYS else escape(lowered(name) if part.lower else name)
                return self._apart(safe)
            case Goal():
                fact = self._facts[part.fact]
                shown = display(part.value, fact.unit, self.locale, exact=self._full(part.fact))
                value = self._styled(self._with_unit(shown, fact.unit))
                return self.language["units"]["proposed"].format(value=value)

    def _owned(self, evidence_id: str, quote: str) -> str:
        """The quotation, marked where the person the summary is about said it themselves."""
        note = self._notes.get(evidence_id)
        if note is None or not note.self_reported:
            return quote
        return self.language["units"]["self_reported"].format(quote=quote)

    def _apart(self, text: str) -> str:
        """Where text runs from right to left, what runs the other way is set apart, or its ends would change places."""
        if self.language.get("direction") != "rtl" or not _LEFT_TO_RIGHT.search(text):
            return text
        return f"\u2068{text}\u2069"

    def _full(self, fact_id: str) -> bool:
        """Whether this fact's money is printed with every digit."""
        return self.money != "compact" and Unit.parse(self._facts[fact_id].unit).currency is not None

    def _styled(self, text: str) -> str:
        """The text with its currency's code in the place of the symbol, where that is asked for."""
        currency = self.sheet.currency
        if self.money != "code" or currency is None:
            return text
        symbol = get_currency_symbol(currency, locale=self.locale)
        if text.startswith(symbol) or f" {symbol}" in text:
            return text.replace(symbol, f"{currency}\u00a0")
        return text.replace(symbol, currency)

    def figure(self, fact: Fact, *, exact: bool = False) -> str:
        """The fact's value with its unit: never rounded onto the target that it misses."""
        if exact:
            return self._with_unit(display(fact.value, fact.unit, self.locale, exact=True), fact.unit)
        # As in the comparison with its target, so that one draft does not hold both 63% and 62.5%.
        kinds: tuple[Against, ...] = ("target",) if fact.target is not None else ()
        return self._with_unit(self._among(fact, kinds)[0].value, fact.unit)

    def comparison(self, fact: Fact, against: Against, form: str = "full", beside: Sequence[Against] = ()) -> str:
        """Figure, comparator and direction as one phrase, with what stands beside it, all at one precision."""
        kinds = (against, *beside)
        among, gapless = self._among(fact, kinds)
        told_gap = not gapless and (form, against) != ("stated", "target")
        relations = [self._relation(fact, kind, among, index, told_gap) for index, kind in enumerate(kinds)]
        head = self._with_unit(among.value, fact.unit)
        if against in ("prior", "year_ago") and form != "stated":
            head, relations[0] = self._moved(fact, against, among, form), ""
        elif against == "target" and fact.metric_id in self._attainments and fact.target == 1:
            head, relations[0] = self._attained(fact, head, among)
        return self._phrase(head, [relation for relation in relations if relation])

    def beside(self, fact: Fact, kinds: Sequence[Against]) -> tuple[Display, ...]:
        """Those comparators, with the digits that they have in `comparison`."""
        return self._among(fact, kinds)[0].others

    def _among(self, fact: Fact, kinds: Sequence[Against]) -> tuple[Among, bool]:
        """The value beside its comparators, and whether distances are left out."""
        others = [other for kind in kinds if (other := comparator(fact, kind)) is not None]
        assert len(others) == len(kinds), f"{fact.id} lacks one of {kinds}; the guard lets no such token through"
        # A move that shows only in further digits is none, so it asks for no digits either.
        others = [fact.value if hardly_moved(fact, kind) else other for kind, other in zip(kinds, others, strict=True)]
        measured = [kind in _MOST_MORE_DIGITS for kind in kinds]
        full = self._full(fact.id)
        among = display_among(fact.value, others, measured, fact.unit, self.locale, exact=full)
        plain = display_among(fact.value, others, [False] * len(kinds), fact.unit, self.locale, exact=full)
        # Rather no distance than a figure with digits that only the distance asks for.
        most = max((_MOST_MORE_DIGITS.get(kind, 0) for kind in kinds), default=0)
        gapless = among.value.step.scaleb(most) < plain.value.step
        return (plain if gapless else among), gapless

    def _phrase(self, head: str, relations: Sequence[str]) -> str:
        """ "73%, 17 points short of the 90% target and down from 84%"."""
        words = self.language["comparison"]
        if relations and relations[0] == words["target"]["none"]:
            return self._phrase(words["joined"].format(value=head, relations=relations[0]), relations[1:])
        if not relations:
            return head
        listed = words["and"].join([", ".join(relations[:-1]), relations[-1]]) if len(relations) > 1 else relations[0]
        return words["stated"].format(value=head, relations=listed)

    def _relation(self, fact: Fact, kind: Against, among: Among, index: int, told_gap: bool) -> str:
        """How the figure lies to one comparator: "17 points short of the 90% target", "up from 84%"."""
        order = among.order(index)
        gap = self._gap(among.gaps[index], fact.unit) + " " if told_gap else ""
        if kind == "target":
            return self._to_target(fact, among.others[index], order, gap)
        words = self.language["comparison"][kind]
        equal = "level" if hardly_moved(fact, kind) else "equal"
        side = words[equal if order == 0 else "up" if order > 0 else "down"]
        if kind == "team":
            return side.format(gap=gap, average=self._before_noun(words, "average", among.others[index], fact.unit))
        return self._qualified(fact, kind, side.format(other=self._lighter(among.others[index], fact.unit)))

    def _to_target(self, fact: Fact, target: Display, order: int, gap: str) -> str:
        words = self.language["comparison"]["target"]
        word = words["quota"] if fact.id == "revenue_won" and "quota_attainment" in self._facts else words["word"]
        none = target.value == 0 and Unit.parse(fact.unit).kind == "count"
        if order == 0:
            return words["none_met"] if none else words["equal"].format(word=word)
        short = (fact.better == "higher" and order < 0) or (fact.better == "lower" and order > 0)
        if none and short:
            return words["none"]
        if short and Unit.parse(fact.unit).kind == "count" and 0 < target.value <= _FEW:
            return words["few"].format(other=target.text)
        if fact.better == "lower":
            side = words["lower_is_better_over"] if short else words["lower_is_better_under"]
        else:
            side = words["lower_side"] if order < 0 else words["higher_side"]
        goal = self._before_noun(words, "goal", target, fact.unit, word=word)
        return words["worse" if short else "better"].format(gap=gap, side=side, goal=goal)

    def _attained(self, fact: Fact, value: str, among: Among) -> tuple[str, str]:
        """An attainment as a share of what was agreed, and by how much it falls short."""
        words = self.language["comparison"]["attainment"]
        known, unknown = words[fact.metric_id]
        goal = self._goal_attained(fact)
        agreed = unknown
        if goal is not None and goal.target is not None:
            amount = self._attributive(display(goal.target, goal.unit, self.locale, exact=True), goal.unit)
            agreed = (words["count"] if Unit.parse(goal.unit).kind == "count" else known).format(amount=amount)
        short = words["short"].format(gap=self._gap(among.gaps[0], fact.unit)) if among.order(0) < 0 else ""
        return words["of"].format(value=value, goal=agreed), short

    def _goal_attained(self, fact: Fact) -> Fact | None:
        """The fact whose target an attainment is a share of, if the two agree."""
        inner = re.fullmatch(r"goal_attainment\[(.+)\]", fact.id)
        goal = self._facts.get(inner[1] if inner is not None else "revenue_won")
        if goal is None or goal.target is None or goal.target == 0:
            return None
        return goal if abs(goal.value / goal.target - fact.value) < _SAME_SHARE else None

    def _moved(self, fact: Fact, kind: Against, among: Among, form: str) -> str:
        """The move from an earlier period: "up from 78 to 96 days", or bare "from 78 to 96 days"."""
        words, order = self.language["comparison"][kind], among.order(0)
        equal = "full_level" if hardly_moved(fact, kind) else "full_equal"
        moved = words[equal if order == 0 else "bare" if form == "bare" else "full_up" if order > 0 else "full_down"]
        value, other = self._with_unit(among.value, fact.unit), self._lighter(among.others[0], fact.unit)
        return self._qualified(fact, kind, moved.format(value=value, other=other))

    def _qualified(self, fact: Fact, kind: Against, phrase: str) -> str:
        """The same phrase, with what makes the two figures different things."""
        words = self.language["comparison"]["prior"]
        if fact.partial:
            phrase = words["cut_short"].format(phrase=phrase)
        elif kind == "prior" and fact.prior_partial:
            phrase = words["partial"].format(phrase=phrase)
        if redefined(fact, kind):
            phrase = words["redefined"].format(phrase=phrase)
        return phrase

    def _before_noun(self, words: Mapping[str, str], noun: str, shown: Display, unit: str, **more: str) -> str:
        """ "the 80-day target", but "the target of 12"."""
        form = f"{noun}_of_count" if Unit.parse(unit).kind == "count" else noun
        return words[form].format(other=self._attributive(shown, unit), **more)

    def _target(self, fact: Fact, part: Target) -> str:
        target = fact.target_before if part.before else fact.target
        assert target is not None, f"{fact.id} has no such target; the guard lets no such token through"
        if target == 0 and Unit.parse(fact.unit).kind == "count":
            return self.language["units"]["none"]
        return self._with_unit(
            display(target, fact.unit, self.locale, exact=part.exact or self._full(fact.id)), fact.unit
        )

    def _attainment(self, fact: Fact) -> str:
        words = self.language["attainment"]
        if fact.target is None or fact.better is None:
            return words["none"]
        shares = fact.better == "higher" and fact.target > 0 and Unit.parse(fact.unit).kind not in ("ratio", "multiple")
        if not shares:
            return words["missed" if fact.misses_target else "met"]
        return display_against(fact.value / fact.target, 1, "ratio", self.locale).text

    def _with_unit(self, shown: Display, unit: str) -> str:
        kind = Unit.parse(unit).kind
        if kind == "multiple":
            return self._apart(self.language["units"]["multiple"].format(n=shown.text))
        return self._counted(kind, shown) if kind in _TIMES else self._apart(shown.text)

    def _lighter(self, shown: Display, unit: str) -> str:
        """The earlier value: its unit word is left to the figure beside it ("from 78 to 96 days")."""
        kind = Unit.parse(unit).kind
        if kind == "count" and shown.value == 0:
            return self.language["units"]["none"]
        return shown.text if kind in _TIMES else self._with_unit(shown, unit)

    def _attributive(self, shown: Display, unit: str) -> str:
        """The form before a noun: "the 80-day target"."""
        kind = Unit.parse(unit).kind
        if kind in _TIMES:
            return self.language["units"]["attributive"][kind].format(n=shown.text)
        return self._with_unit(shown, unit)

    def _gap(self, gap: Display, unit: str) -> str:
        return self._counted("points", gap) if Unit.parse(unit).kind == "ratio" else self._with_unit(gap, unit)

    def _counted(self, word: str, shown: Display) -> str:
        forms = self.language["units"][word]
        if isinstance(forms, Mapping):
            # A gap between ratios is counted in points: 0.17 reads as 17.
            number = shown.value * 100 if word == "points" else shown.value
            # Arabic has a form of its own for none, which no unit here has another word for.
            form = Locale.parse(self.locale).plural_form(abs(number))
            return forms.get(form, forms["other"]).format(n=shown.text)
        one, many = forms
        return (one if shown.text == "1" else many).format(n=shown.text)

    def _name(self, name: Name) -> str:
        sheet, scope = self.sheet, self.sheet.scope
        match name.name:
            case "person":
                return sheet.person
            case "first_name":
                return (sheet.person.split() or [sheet.person])[0]
            case "role":
                return self.language.get("roles", {}).get(sheet.role, sheet.role.replace("_", " ").capitalize())
            case "period":
                return period_name(sheet.period, self.locale)
            case "prior_period":
                return period_name(sheet.prior_period or "", self.locale)
            case "year_ago_period":
                return period_name(sheet.year_ago_period or "", self.locale)
            case "dates":
                return date_range(sheet.start, sheet.end, self.locale)
            case "label":
                return label_in(self.language, self._facts[name.of or ""])
            case "why":
                return why_in(self.language, self._facts[name.of or ""])
            case "dimension":
                return dimension(name.of or "").replace("_", " ")
            case "definition" | "prior_definition" | "target_note":
                return (getattr(self._facts[name.of or ""], name.name) or "").strip().rstrip(".")
            case "note_date":
                return self._day(self._notes[name.of or ""].date)
            case "started" | "left" | "ramp_until":
                return self._day(getattr(scope, name.name))
            case "amount_basis":
                return sheet.amount_basis or ""
            case "quality":
                return saying_in(self.language, sheet.quality[int(name.of or 0)].strip().rstrip("."), self.locale)
            case "change":
                change = scope.changes[int(name.of or 0)].strip().rstrip(".")
                dated = ISO_DAY.sub(lambda match: self._day(date.fromisoformat(match[0])), change)
                return saying_in(self.language, dated, self.locale)
            case "team" | "segment" | "territory" | "manager":
                return (getattr(scope, name.name) or "").replace("_", " ")

    def _day(self, day: date | None) -> str:
        """A day as people write it, with its year only where that is not the period's."""
        if day is None:
            return ""
        if self.locale != "en":
            return format_date(day, "long", locale=self.locale)
        same_year = self.sheet.start is not None and day.year == self.sheet.start.year
        return f"{day.day} {day:%B}" + ("" if same_year else f" {day.year}")


def _cased(quotation: Quotation) -> str:
    """The quoted words, their first letter fitted to where they stand in the sentence."""
    span = quotation.span
    if quotation.first == "small":
        return lowered(span)
    return span[:1].upper() + span[1:] if quotation.first == "capital" else span
