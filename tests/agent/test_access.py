"""Who may see whom, in an organisation small enough to say so by hand.

vera (leads all)
├── ann   leads East:  eli, and mia until 10 May, when she moves to West
└── bo    leads West:  wim; liv until she leaves the company on 20 June
"""

from datetime import date

import pandas as pd
import pytest

from agent.access import Access, Role, Viewer, may_see
from tools.errors import NotFound
from tools.metrics.roster import Roster, Spell
from tools.periods import Period, parse_period
from tools.workspace import Workspace

EVER, NEVER = date(1, 1, 1), date(9999, 12, 31)
MOVE, LEAVES = date(2026, 5, 10), date(2026, 6, 20)
ROSTER = Roster(
    names={
        "vera": "Vera Ek", "ann": "Ann Berg", "bo": "Bo Lind", "eli": "Eli Holm", "mia": "Mia Holm", "wim": "Wim Bos",
        "liv": "Liv Ek",
    },
    spells={
        "vera": (Spell(EVER, NEVER, "Leadership"),),
        "ann": (Spell(EVER, NEVER, "East", "vera"),),
        "bo": (Spell(EVER, NEVER, "West", "vera"),),
        "eli": (Spell(EVER, NEVER, "East", "ann"),),
        "mia": (Spell(EVER, MOVE, "East", "ann"), Spell(MOVE, NEVER, "West", "bo")),
        "wim": (Spell(EVER, NEVER, "West", "bo"),),
        "liv": (Spell(EVER, LEAVES, "West", "bo"),),
    },
    spellings={"wim bos": "wim", "wim@example.org": "wim", "eli holm": "eli", "mia holm": "mia", "wim": "wim"},
)  # fmt: skip


def period(text: str) -> Period:
    return parse_period(text, as_of=date(2026, 12, 31))


Q2 = period("2026-Q2")


def access(person: str | None, role: Role) -> Access:
    return Access(Viewer("account", role, person), ROSTER)


def seen(person: str | None, role: Role, when: Period = Q2) -> set[str]:
    return set(access(person, role).people(when))


def test_a_rep_sees_themselves_and_nobody_else():
    assert seen("eli", "rep") == {"eli"}
    assert [each.key for each in access("eli", "rep").choices(Q2)] == ["eli"]


def test_a_manager_sees_their_people_and_themselves():
    assert seen("bo", "manager") == {"bo", "wim", "mia", "liv"}


def test_whoever_manages_managers_sees_everybody_below():
    assert seen("vera", "manager") == set(ROSTER.names)


def test_ops_see_everybody_also_who_was_not_there():
    assert seen(None, "ops", period("1999")) == set(ROSTER.names)


def test_an_account_of_nobody_sees_nobody():
    assert seen(None, "manager") == set() == seen(None, "rep")


def test_who_moved_within_the_period_is_seen_by_the_manager_they_moved_to():
    assert access("bo", "manager").may_see("mia", Q2)
    assert not access("ann", "manager").may_see("mia", Q2)


def test_the_manager_before_sees_the_days_up_to_the_move_and_none_after():
    assert access("ann", "manager").may_see("mia", period("2026-04-01..2026-05-09"))
    assert not access("ann", "manager").may_see("mia", period("2026-04-01..2026-05-10"))


def test_who_left_the_team_before_the_period_is_not_seen():
    assert not access("ann", "manager").may_see("mia", period("2026-Q3"))


@pytest.mark.parametrize("wide", ["2026", "2020-01-01..2026-12-31"])
def test_no_period_is_wide_enough_to_open_who_has_moved_on(wide):
    assert not access("ann", "manager").may_see("mia", period(wide))


def test_the_manager_of_the_period_sees_it_after_a_later_move_too():
    assert access("ann", "manager").may_see("mia", period("2026-Q1"))
    assert not access("bo", "manager").may_see("mia", period("2026-Q1"))


def test_who_left_the_company_within_the_period_is_seen_by_their_last_manager():
    assert access("bo", "manager").may_see("liv", Q2)
    assert not access("bo", "manager").may_see("liv", period("2026-Q3"))


def test_a_period_to_date_goes_by_the_day_it_was_asked_for():
    in_may = parse_period("2026-Q2", as_of=date(2026, 5, 9))
    assert access("ann", "manager").may_see("mia", in_may)
    assert not access("bo", "manager").may_see("mia", in_may)


def test_a_manager_sees_the_totals_of_their_team_and_of_no_other():
    assert access("bo", "manager").may_see("team:West", Q2)
    assert not access("ann", "manager").may_see("team:West", Q2)
    assert access("ann", "manager").may_see("team:East", Q2)


def test_a_team_shared_by_two_managers_is_seen_by_the_one_above_both():
    shared = Roster(ROSTER.names, {**ROSTER.spells, "eli": (Spell(EVER, NEVER, "West", "ann"),)})
    assert not may_see(Viewer("a", "manager", "bo"), "team:West", Q2, shared)
    assert may_see(Viewer("a", "manager", "vera"), "team:West", Q2, shared)


def test_no_rep_sees_the_totals_of_a_team():
    assert not access("wim", "rep").may_see("team:West", Q2)
    assert not access("wim", "rep").may_see("everybody", Q2)


def test_everybody_together_is_for_who_sees_each_of_them():
    assert access("vera", "manager").may_see("everybody", Q2)
    assert not access("bo", "manager").may_see("everybody", Q2)


def test_a_team_that_never_was_is_seen_by_no_manager():
    assert not access("vera", "manager").may_see("team:North", Q2)


def test_a_persons_id_that_reads_like_a_team_opens_no_team():
    assert not may_see(Viewer("a", "rep", "team:West"), "team:West", Q2, ROSTER)
    assert not may_see(Viewer("a", "rep", "everybody"), "everybody", Q2, ROSTER)


def test_a_manager_who_left_hands_on_to_whom_they_reported():
    gone = {**ROSTER.spells, "bo": (Spell(EVER, date(2026, 1, 1), "West", "vera"),)}
    roster = Roster(ROSTER.names, gone)
    assert may_see(Viewer("a", "manager", "vera"), "wim", Q2, roster)


def test_people_who_report_to_each_other_end_the_search():
    circle = Roster(
        {"a": "A", "b": "B"}, {"a": (Spell(EVER, NEVER, None, "b"),), "b": (Spell(EVER, NEVER, None, "a"),)}
    )
    assert may_see(Viewer("x", "manager", "b"), "a", Q2, circle)
    assert not may_see(Viewer("x", "manager", "c"), "a", Q2, circle)


@pytest.mark.parametrize("who", ["wim", "Wim Bos", " WIM bos ", "wim@example.org", "Bos"])
def test_people_are_found_by_id_name_mail_and_part_of_a_name(who):
    assert access("bo", "manager").find(who, Q2) == "wim"


def test_teams_and_the_whole_are_found_by_name():
    assert access("bo", "manager").find("west", Q2) == "team:West"
    assert access(None, "ops").find("everybody", Q2) == "everybody"


def refusal(viewer: Access, who: str) -> str:
    with pytest.raises(NotFound) as caught:
        viewer.find(who, Q2)
    return str(caught.value).replace(who.removeprefix("team:"), "…")


@pytest.mark.parametrize("who", ["wim", "Wim Bos", "wim@example.org", "Bos", "West", "team:West", "everybody", "mia"])
def test_what_is_forbidden_reads_like_what_is_unknown(who):
    unknown = "".join(reversed(who)) + "qq"
    assert refusal(access("eli", "rep"), who) == refusal(access("eli", "rep"), unknown)


def test_a_name_that_two_bear_is_no_question_to_who_sees_one_of_them():
    # Mia Holm has the same family name, and a rep called Eli Holm does not learn of it.
    assert access("eli", "rep").find("holm", Q2) == "eli"
    assert "Eli Holm" in refusal(access(None, "ops"), "holm")


def test_did_you_mean_names_only_who_may_be_seen():
    assert "Wim" not in refusal(access("eli", "rep"), "Wim Boss")
    assert "Wim Bos" in refusal(access("bo", "manager"), "Wim Boss")


def test_memberships_and_people_of_a_workspace_make_the_roster():
    people = pd.DataFrame(
        {
            "person_id": ["m1", "m2", "r1"],
            "name": ["Ann Berg", "Bo Lind", "Mia Holm"],
            "email": [None, None, "mia@example.org"],
            "manager": [None, None, "Bo Lind"],
            "team": ["East", "West", "West"],
        }
    )
    memberships = pd.DataFrame(
        {"person": ["Mia Holm", "Mia Holm"], "team": ["East", "West"], "manager": ["m1", "m2"],
         "from_on": [date(2026, 1, 1), MOVE], "to_on": [MOVE, None]}
    )  # fmt: skip
    workspace = Workspace.of({"people": people, "memberships": memberships})
    before = Access.of(workspace, Viewer("ann", "manager", "m1"))
    assert before.find("mia@example.org", period("2026-Q1")) == "r1"
    assert not before.may_see("r1", Q2)
    assert Access.of(workspace, Viewer("bo", "manager", "m2")).may_see("r1", Q2)
