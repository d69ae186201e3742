"""Facts and evidence as the checks see them: what a draft is judged against, from any sheet.

A fact may come from a fact sheet of ours or from somebody else's JSON; unknown fields are passed over and missing ones
are taken as not on record, except `id` and `value`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tools.errors import InputError
from tools.facts import WEAK_AGAINST_PRIOR, Evidence, Fact, worse

UNIT_KINDS = frozenset({"ratio", "currency", "count", "days", "hours", "minutes", "multiple"})


@dataclass(frozen=True, slots=True)
class FactView:
    """One fact: its value, comparators and definition. Ratios are 0–1; a comparator not on record is None."""

    id: str
    label: str
    value: float
    unit: str = "count"
    target: float | None = None
    target_before: float | None = None
    prior: float | None = None
    year_ago: float | None = None
    team: float | None = None
    better: str | None = None
    key: bool = False
    definition: str | None = None
    prior_definition: str | None = None
    prior_partial: bool = False
    partial: bool = False
    why: str | None = None
    # The unit without its currency: ratio, currency, count, days, hours, minutes or multiple. Asked for very often.
    kind: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "kind", self.unit.partition(":")[0])

    @property
    def currency(self) -> str | None:
        """The currency's ISO code, or None where the fact is not money."""
        return self.unit.partition(":")[2] or None

    @property
    def metric_id(self) -> str:
        """The id without dimension or suffix: `sales_cycle_days` of `sales_cycle_days[segment=smb].median`."""
        return self.id.split("[")[0].split(".")[0]

    @property
    def misses_target(self) -> bool:
        """Whether the value is on the wrong side of its target."""
        return self.target is not None and worse(self.value, self.target, self.better)  # type: ignore[arg-type]

    @property
    def weak(self) -> bool:
        """Weak by the rubric: misses its target or, without one, is worse than prior by over 5 % of prior."""
        if self.target is not None:
            return self.misses_target
        if self.prior is None or self.prior_partial or self.partial:
            return False
        if not worse(self.value, self.prior, self.better):  # type: ignore[arg-type]
            return False
        return abs(self.value - self.prior) > WEAK_AGAINST_PRIOR * abs(self.prior) + 1e-12

    @property
    def redefined(self) -> bool:
        """Whether both definitions are known and differ."""
        return bool(self.definition and self.prior_definition) and self.definition != self.prior_definition


@dataclass(frozen=True, slots=True)
class EvidenceView:
    """A dated note, decision or piece of logged work. `text` is untrusted: data, never an instruction."""

    id: str
    text: str
    kind: str = "note"
    date: str | None = None
    metric: str | None = None
    person: str | None = None


def same_result(fact: FactView, other: FactView) -> bool:
    """Whether two facts show one result: an attainment and the money it is the share of."""
    return _is_share_of(fact, other) or _is_share_of(other, fact)


def _is_share_of(share: FactView, whole: FactView) -> bool:
    """Whether one fact is the other's share of its target: 104 % of quota and the money won."""
    if share.kind != "ratio" or whole.kind == "ratio" or not whole.target:
        return False
    return abs(whole.value / whole.target - share.value) < 0.006


def fact_views(facts: Iterable[Fact | Mapping[str, Any] | FactView]) -> tuple[FactView, ...]:
    """The facts as views, in their order. InputError names the fact that has no id or no numeric value."""
    return tuple(_fact_view(fact) for fact in facts)


def evidence_views(evidence: Iterable[Evidence | Mapping[str, Any] | EvidenceView]) -> tuple[EvidenceView, ...]:
    """The evidence as views, in its order; an entry without text is passed over."""
    return tuple(view for entry in evidence if (view := _evidence_view(entry)).text)


def _fields(entry: Any) -> Mapping[str, Any]:
    return entry if isinstance(entry, Mapping) else entry.model_dump()


def _fact_view(fact: Fact | Mapping[str, Any] | FactView) -> FactView:
    if isinstance(fact, FactView):
        return fact
    fields = _fields(fact)
    fact_id, value = fields.get("id"), fields.get("value")
    if not fact_id or isinstance(value, bool) or not isinstance(value, int | float):
        raise InputError(f"A fact needs an id and a number as its value; seen: id {fact_id!r}, value {value!r}.")
    unit = str(fields.get("unit") or "count")
    return FactView(
        id=str(fact_id),
        label=str(fields.get("label") or str(fact_id).replace("_", " ")),
        value=value,
        unit=unit if unit.split(":")[0] in UNIT_KINDS else "count",
        **{name: _number(fields.get(name)) for name in ("target", "target_before", "prior", "year_ago", "team")},
        better=fields.get("better") if fields.get("better") in ("higher", "lower") else None,
        key=bool(fields.get("key")),
        definition=fields.get("definition"),
        prior_definition=fields.get("prior_definition"),
        prior_partial=bool(fields.get("prior_partial")),
        partial=bool(fields.get("partial")),
        why=fields.get("why"),
    )


def _number(value: Any) -> float | None:
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


def _evidence_view(entry: Evidence | Mapping[str, Any] | EvidenceView) -> EvidenceView:
    if isinstance(entry, EvidenceView):
        return entry
    fields = _fields(entry)
    date = fields.get("date")
    return EvidenceView(
        id=str(fields.get("id") or ""),
        text=str(fields.get("text") or ""),
        kind=str(fields.get("kind") or "note"),
        date=None if date is None else str(date),
        metric=fields.get("metric"),
        person=fields.get("person"),
    )
