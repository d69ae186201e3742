"""What drafts call things: metrics, periods and days in any language, and text from records made safe to print."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from babel.dates import format_date

from tools.facts import Fact

# A fact's last part and the form of its metric's name: "calls.per_day".
_SUFFIX = re.compile(r"^(.*?)\.([a-z_]+)$")
# "12 March 2026", as tools write a day.
_DAY_IN_WORDS = re.compile(r"\b(\d{1,2}) ([A-Z][a-z]{2,8}) (\d{4})\b")


def label_in(language: Mapping[str, Any], fact: Fact) -> str:
    """The metric's name in a language, that of its dimension in brackets; in English where the language has none."""
    named = metric_name(language, fact.id, fact.metric_id)
    if named is None:
        return label(fact)
    of = dimension(fact.id)
    return f"{named} ({of.replace('_', ' ')})" if of and f"[of={of}]" not in fact.id else named


def metric_name(language: Mapping[str, Any], fact_id: str, metric_id: str | None = None) -> str | None:
    """The name of a metric in a language, or None: "loss_reasons[reason=Price].value" is "loss_reasons.value"."""
    names = language.get("names", {})
    labels, forms = names.get("labels", {}), names.get("forms", {})
    inner = re.fullmatch(r"(goal_attainment|rep_distribution)\[(?:metric=)?(.+?)\](?:\.(high|low|median))?", fact_id)
    if inner is not None and inner[2] != "":
        form = "attainment" if inner[1] == "goal_attainment" else inner[3] or "standing"
        named = metric_name(language, inner[2])
        return forms[form].format(name=named) if named is not None and form in forms else None
    bare = _DIMENSION.sub("", fact_id)
    for known in (fact_id, bare):
        if known in labels:
            return labels[known]
    suffix = _SUFFIX.match(bare)
    if suffix is not None:
        base = labels.get(suffix[1])
        return forms[suffix[2]].format(name=base) if base is not None and suffix[2] in forms else None
    # A metric of the organisation's own is called what the organisation calls it.
    return labels.get(metric_id) if metric_id is not None and metric_id == bare else None


def why_in(language: Mapping[str, Any], fact: Fact) -> str:
    """The metric's *why it matters* line in a language, without its full stop; in English where there is none."""
    return language.get("names", {}).get("why", {}).get(fact.metric_id, fact.why or "").strip().rstrip(".")


def saying_in(language: Mapping[str, Any], text: str, locale: str) -> str:
    """A line that tools or plans say in English, in another language; as it is where the language has no such line."""
    found = said_in(language, text)
    if found is not None:
        words, carried = found
        return words.format(*(saying_in(language, each, locale) for each in carried))
    return _DAY_IN_WORDS.sub(lambda match: _day_in_words(match, locale), text)


def said_in(language: Mapping[str, Any], text: str) -> tuple[str, tuple[str, ...]] | None:
    """The words that the language has for an English line, with what is carried over into them; None without any."""
    for pattern, words in _patterns(tuple(language.get("sayings", {}).items())):
        match = pattern.fullmatch(text)
        if match is not None:
            return words, match.groups()
    return None


@lru_cache(maxsize=16)
def _patterns(sayings: tuple[tuple[str, str], ...]) -> tuple[tuple[re.Pattern[str], str], ...]:
    """Each saying as a pattern, the longest first; `{}` holds what is carried over."""
    longest = sorted(sayings, key=lambda pair: len(pair[0]), reverse=True)
    return tuple((re.compile(re.escape(said).replace(r"\{\}", "(.+?)"), re.S), words) for said, words in longest)


def _day_in_words(match: re.Match[str], locale: str) -> str:
    try:
        day = datetime.strptime(match[0], "%d %B %Y").date()
    except ValueError:
        return match[0]
    return format_date(day, "long", locale=locale)


def dimension(fact_id: str) -> str:
    """The value of a fact's dimension: `mid_market` of `win_rate[segment=mid_market].median`; "" where it has none."""
    match = _DIMENSION.search(fact_id)
    return match[2] if match is not None else ""


def label(fact: Fact) -> str:
    """The fact's label for running text: "Win rate, segment mid_market" is "Win rate (mid market)"."""
    match = _DIMENSION.search(fact.id)
    if match is None or f", {match[1]} {match[2]}" not in fact.label:
        return fact.label
    return fact.label.replace(f", {match[1]} {match[2]}", f" ({match[2].replace('_', ' ')})")


ISO_DAY = re.compile(r"\b\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])\b")
# "[segment=mid_market]" in a fact's id.
_DIMENSION = re.compile(r"\[(\w+)=([^\]]*)\]")
_QUARTER = re.compile(r"(FY)?(\d{4})-([QH][1-4])")
_MONTH = re.compile(r"(\d{4})-(\d{2})")
_RANGE = re.compile(r"(\d{4}-\d{2}-\d{2})\.\.(\d{4}-\d{2}-\d{2})")


def period_name(label: str, locale: str = "en") -> str:
    """A period's label for readers: 2026-Q2 → Q2 2026, FY2018-Q1 → Q1 FY2018, 2017-07 → July 2017."""
    if match := _QUARTER.fullmatch(label):
        return f"{match[3]} {match[1] or ''}{match[2]}"
    if match := _MONTH.fullmatch(label):
        return format_date(date(int(match[1]), int(match[2]), 1), "LLLL y", locale=locale)
    if match := _RANGE.fullmatch(label):
        return date_range(date.fromisoformat(match[1]), date.fromisoformat(match[2]), locale)
    return label


def date_range(start: date | None, end: date | None, locale: str = "en") -> str:
    """Both days included: "1 April – 30 June 2026" in English, the locale's long dates elsewhere."""
    if start is None or end is None:
        return ""
    if locale == "en":
        first = f"{start.day} {start:%B}" + (f" {start.year}" if start.year != end.year else "")
        return f"{first} – {end.day} {end:%B} {end.year}"
    return f"{format_date(start, 'long', locale=locale)} – {format_date(end, 'long', locale=locale)}"


def lowered(text: str) -> str:
    """The text with a small first letter, unless its first word is an acronym or otherwise written in capitals.

    >>> lowered("Win rate"), lowered("MRR protected"), lowered("iPad deals")
    ('win rate', 'MRR protected', 'iPad deals')
    """
    word = re.match(r"[^\W\d_]+", text)
    if word is None or len(word[0]) < 2 and text[:2] != "A " or not word[0][1:].islower() and len(word[0]) > 1:
        return text
    return text[0].lower() + text[1:]


# What Markdown could take for markup: emphasis, links, images, code, HTML, table cells, entities.
_MARKUP = re.compile(r"[\\*`\[\]<>|~]|(?<![^\W_])_|_(?![^\W_])|&(?=#?\w+;)|^(?=[#+-]\s|\d+[.)]\s)", re.M)


# Control characters, and marks that turn the reading direction of whatever stands after them.
_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


def escape(text: str) -> str:
    r"""CRM text as plain words in Markdown: one line, no markup, no address that a viewer would make a link of.

    >>> escape("![x](http://a.b) <b>")
    '!\\[x\\](http:\\/\\/a.b) \\<b\\>'
    """
    line = " ".join(_UNSEEN.sub(" ", text).split())
    marked = _MARKUP.sub(lambda match: f"\\{match[0]}", line)
    return marked.replace("://", ":\\/\\/").replace("www.", "www\\.")
