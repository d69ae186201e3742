"""A made-up organisation's names, and what a question is read against: Q2 2026, the day after it ended."""

from __future__ import annotations

from datetime import date

from agent.chat.router.days import Calendar
from agent.chat.router.routing import Routed, Setting, Unclear, route
from agent.chat.router.vocabulary import Vocabulary
from prompts.loader import SECTIONS, PromptSet
from tools.metrics.catalogue import catalogue
from tools.periods import parse_period
from tools.reports.listing import REPORTS

TODAY = date(2026, 7, 1)
_PROMPTS = PromptSet.load()


def _reports_of() -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for report in REPORTS:
        for column in report.columns:
            found[column.id] = (*found.get(column.id, ()), report.name)
    return found


VOCABULARY = Vocabulary(
    metrics={row["id"]: row["label"] for row in catalogue()},
    people=("Rosa Lind", "Omar Diaz", "Priya Nair", "Anna Berg", "Tom Becker"),
    teams=("Commercial North", "Enterprise"),
    stages=("Qualification", "Discovery", "Evaluation", "Proposal", "Legal review", "Negotiation", "Closed Won"),
    values={
        "segment": ("smb", "mid_market", "enterprise"), "source": ("Partner", "Inbound", "Referral", "Webinar"),
        "territory": ("EMEA", "Nordics"), "product": ("Insight", "Connect"),
    },
    records=("Kestrel Water: Connect", "Kestrel Water: Insight", "Dunmore Utilities: Connect", "Partner Foods"),
    reasons=("Chose a competitor", "Price", "Went silent", "No budget this year", "Security review not passed"),
    tones={tone: tuple(_PROMPTS.tone(tone)["asked_as"]) for tone in _PROMPTS.tones()},
    sections={section: _PROMPTS.section(section).title for section in SECTIONS},
    reports={report.name: report.title for report in REPORTS},
    reports_of=_reports_of(),
    splits={report.name: report.by for report in REPORTS},
)  # fmt: skip


def calendar(period: str | None = "2026-Q2", today: date = TODAY, fiscal_year_start: int = 1) -> Calendar:
    about = None
    if period is not None:
        about = parse_period(period, as_of=today, fiscal_year_start=fiscal_year_start)
    return Calendar(today, fiscal_year_start, about)


SETTING = Setting(calendar(), "2026-Q2", team="Commercial North", drafted=True)


def ask(text: str, before: Routed | None = None) -> Routed | Unclear:
    """What the router makes of a question."""
    return route(text, VOCABULARY, Setting(SETTING.calendar, SETTING.period, None, SETTING.team, before, True))


def after(*texts: str) -> Routed | Unclear:
    """What it makes of the last of several questions."""
    routed: Routed | Unclear | None = None
    for text in texts:
        routed = ask(text, routed if isinstance(routed, Routed) else None)
    assert routed is not None
    return routed
