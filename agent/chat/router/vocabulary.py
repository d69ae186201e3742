"""What a question may name: metrics, people, teams, stages, values of the records, and the shipped words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from agent.chat.router.reading import data, stem, stems

Phrases = Mapping[tuple[str, ...], str]

# Words that stand for a stage or a value only together with others: "closed", "new".
_TOO_COMMON = frozenset(
    {
        "closed",
        "open",
        "won",
        "lost",
        "new",
        "sales",
        "commit",
        "pipeline",
        "other",
        "none",
        "yes",
        "no",
        "team",
        "deal",
        "call",
    }
)


_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
# Counts whose name people say of something else: "forget that note".
_NO_FIGURE = frozenset({"notes", "notes.per_day"})

# What stands for everybody there is.
COMPANY = "the whole company"


@dataclass(frozen=True)
class Vocabulary:
    """The names of one workspace and of what ships with it.

    `metrics` maps ids to labels; `people` are names that the viewer may see, so that a name asked for and not found
    reads the same whether it exists or not; `values` are what columns of the deals hold.
    """

    metrics: Mapping[str, str] = field(default_factory=dict)
    people: tuple[str, ...] = ()
    teams: tuple[str, ...] = ()
    stages: tuple[str, ...] = ()
    values: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    tones: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sections: Mapping[str, str] = field(default_factory=dict)
    reports: Mapping[str, str] = field(default_factory=dict)
    reports_of: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Which reports show a metric."""
    splits: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """How a report may be split."""
    records: tuple[str, ...] = ()
    """Names of the accounts and deals that the viewer may see."""
    reasons: tuple[str, ...] = ()
    """Why deals were lost, as it stands in the records."""

    @cached_property
    def phrases(self) -> Mapping[str, Phrases]:
        """Stems of every phrase, by kind of thing, with what it names."""
        words = data("words")
        families = data("names")["families"]
        metrics, filler = _phrases(self._metric_names()), set(map(stem, words["filler"]["words"]))
        reports = _phrases([*_pairs(words["reports"]), *((title, name) for name, title in self.reports.items())])
        return {
            "metric": metrics,
            "person": _phrases(self._person_names()),
            "who": _phrases(_pairs({"team": words["who"]["team"], COMPANY: words["who"]["everybody"]})),
            "section": _phrases([*_pairs(words["sections"]), *((title, id_) for id_, title in self.sections.items())]),
            "tone": {
                phrase: tone
                for phrase, tone in _phrases([*_pairs(words["tones"]), *_pairs(self.tones)]).items()
                # "What kind of quarter" asks for no kinder words.
                if not (len(phrase) == 1 and phrase[0] in filler)
            },
            "stage": _phrases(self._stage_names()),
            "dimension": _phrases(_pairs(words["dimensions"])),
            # A name that a metric has too means the metric, unless it is split by something.
            "report": {phrase: name for phrase, name in reports.items() if phrase not in metrics},
            "value": _phrases(self._value_names()),
            "record": _phrases(self._record_names()),
            "reason": _phrases(self._reason_names()),
            "topic": _phrases((word, word) for word in data("names")["topics"]["words"]),
            **{kind: _phrases((name, name) for name in names) for kind, names in families.items()},
        }

    @cached_property
    def known(self) -> frozenset[str]:
        """Every word that is one of ours, or plain English: no slip of the finger."""
        words, names, periods = data("words"), data("names"), data("periods")
        known = {
            *words["filler"]["words"],
            *words["common"]["words"],
            *names["statement"]["begins"],
            *names["statement"]["did"],
            *periods["months"],
            *_WEEKDAYS,
            *periods["short_months"],
            *periods["ordinals"],
            *periods["numbers"],
            *periods["relative"],
            *(word for unit in periods["units"].values() for word in unit),
        }
        for expansion in words["short"].values():
            known.update(expansion.split())
        texts = [
            *(name for name, _ in self._metric_names()),
            *(name for name, _ in self._person_names()),
            *(name for name, _ in self._stage_names()),
            *(name for name, _ in self._value_names()),
            *self.tones,
            *(name for named in self.tones.values() for name in named),
            *self.sections.values(),
            *self.reports.values(),
        ]
        for table in (
            words["sections"],
            words["tones"],
            words["dimensions"],
            words["reports"],
            words["who"],
            names["families"],
        ):
            texts += [phrase for named in table.values() for phrase in named]
        from agent.chat.router.cues import cue_words

        for text in (*texts, *cue_words()):
            known.update(part for part in text.casefold().replace("|", " ").replace("_", " ").split() if part.isalpha())
        return frozenset(known)

    @cached_property
    def names(self) -> frozenset[str]:
        """Every word that names something on record: never a slip of the finger."""
        named = (*self.people, *self.teams, *self.stages, *self.records, *self.reasons, *sum(self.values.values(), ()))
        return frozenset(word for name in named for word in re.findall(r"[^\W_]+", name.casefold()))

    def _metric_names(self) -> Iterator[tuple[str, str]]:
        spoken = data("metrics")["metrics"]
        for metric, label in self.metrics.items():
            # "Lost" and "Entered" name parts of a metric, and too much else.
            if metric not in _NO_FIGURE and not ("." in metric and " " not in label):
                yield label, metric
        for metric, names in spoken.items():
            # What the data cannot have is still understood: the desk says what is missing.
            for name in names:
                yield name, metric

    def _person_names(self) -> Iterator[tuple[str, str]]:
        parts: dict[str, set[str]] = {}
        for name in (*self.people, *self.teams):
            yield name, name
        for name in self.people:
            for part in name.split():
                parts.setdefault(part.casefold(), set()).add(name)
        for part, names in parts.items():
            if len(part) > 1:
                # Two of that name: the desk asks which.
                yield part, next(iter(names)) if len(names) == 1 else part.capitalize()

    def _stage_names(self) -> Iterator[tuple[str, str]]:
        parts: dict[str, set[str]] = {}
        for stage in self.stages:
            yield stage, stage
            for part in stage.replace("/", " ").replace("-", " ").casefold().split():
                parts.setdefault(part, set()).add(stage)
        for part, stages in parts.items():
            if len(stages) == 1 and len(part) > 3 and part not in _TOO_COMMON:
                yield part, next(iter(stages))

    def _record_names(self) -> Iterator[tuple[str, str]]:
        """Accounts and deals by their whole names and by what those begin with, if that is no common word."""
        for name in self.records:
            words = re.findall(r"[^\W_]+", name)
            if len(words) > 1 or (words and self._tells(words[0])):
                yield name, name
            account = name.partition(":")[0]
            if account != name and len(account.split()) > 1:
                yield account, account
        for name in self.records:
            first = re.match(r"[^\W_]+", name)
            if first is not None and self._tells(first[0]):
                yield first[0], first[0]

    def _tells(self, word: str) -> bool:
        return len(word) > 3 and word.isalpha() and word.casefold() not in self.known

    def _reason_names(self) -> Iterator[tuple[str, str]]:
        """Reasons by their whole words, and by a word that only one of them has."""
        filler = (*data("words")["filler"]["words"], *data("words")["dimensions"], *_TOO_COMMON)
        parts: dict[str, set[str]] = {}
        for reason in self.reasons:
            yield reason, reason
            for word in re.findall(r"[^\W_]{4,}", reason.casefold()):
                if word not in filler:
                    parts.setdefault(stem(word), set()).add(reason)
        for part, reasons in parts.items():
            if len(reasons) == 1:
                yield part, next(iter(reasons))

    def _value_names(self) -> Iterator[tuple[str, str]]:
        for column, values in self.values.items():
            for value in values:
                spoken = value.replace("_", " ").replace("-", " ")
                if spoken.casefold() not in _TOO_COMMON and not spoken.isdigit():
                    yield spoken, f"{column}={value}"
                elif column == "type":
                    yield f"{spoken} business", f"{column}={value}"


def _pairs(names: Mapping[str, Iterable[str]]) -> Iterator[tuple[str, str]]:
    for meant, spoken in names.items():
        for phrase in (meant.replace("_", " "), *spoken):
            yield phrase, meant


def _phrases(names: Iterable[tuple[str, str]]) -> dict[tuple[str, ...], str]:
    found: dict[tuple[str, ...], str] = {}
    for spoken, meant in names:
        key = stems(spoken)
        if key:
            found.setdefault(key, meant)
    return found
