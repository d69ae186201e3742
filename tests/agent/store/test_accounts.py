"""Accounts: who comes in with which password, how guessing is slowed down, and when a session ends."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from sqlalchemy import select

from agent.access import Viewer
from agent.store.accounts import Account, Accounts
from agent.store.attempts import FREE_OF_ACCOUNT, FREE_OF_ADDRESS, FREE_OF_BOTH, TooManyAttempts
from agent.store.database import open_database
from agent.store.sessions import IDLE, LASTS, Sessions, csrf_of
from agent.store.tables import ACCOUNTS, ATTEMPTS, SESSIONS
from tools.errors import InputError, NotFound

NOW = datetime(2026, 7, 1, 9, 0, tzinfo=UTC)
PASSWORD = "correct horse battery"
HOME, ELSEWHERE = "192.0.2.1", "198.51.100.7"
# The shipped parameters take a tenth of a second for each password.
QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


@pytest.fixture
def accounts(tmp_path: Path) -> Accounts:
    made = Accounts(open_database(f"sqlite:///{tmp_path / 'drafts.db'}"), QUICK)
    made.add("Anna@Example.org", PASSWORD, "rep", "u1", now=NOW)
    return made


@pytest.fixture
def sessions(accounts: Accounts) -> Sessions:
    return Sessions(accounts._engine)


def signed_in(accounts: Accounts, name: str = "anna@example.org", password: str = PASSWORD) -> Account | None:
    return accounts.sign_in(name, password, HOME, now=NOW)


def wait_after(accounts: Accounts, name: str, address: str, now: datetime) -> int:
    """Seconds that the next attempt must wait; 0 where it was let through (and failed)."""
    try:
        assert accounts.sign_in(name, "wrong password", address, now=now) is None
    except TooManyAttempts as soon:
        return soon.seconds
    return 0


def test_name_and_password_let_in_whatever_the_case_of_the_name(accounts):
    account = signed_in(accounts, " ANNA@example.ORG ")
    assert account is not None and account.viewer == Viewer("anna@example.org", "rep", "u1")


@pytest.mark.parametrize(
    ("name", "password"), [("anna@example.org", "wrong"), ("anna@example.org", ""), ("nobody", PASSWORD), ("", "")]
)
def test_anything_else_does_not(accounts, name, password):
    assert signed_in(accounts, name, password) is None


def test_one_letter_typed_in_two_ways_is_one_password(accounts):
    accounts.add("zoe", "caf\u00e9 cr\u00e8me br\u00fbl\u00e9e", "ops", None, now=NOW)
    assert signed_in(accounts, "zoe", "cafe\u0301 cre\u0300me bru\u0302le\u0301e") is not None


def test_a_disabled_account_lets_nobody_in_until_it_is_enabled(accounts):
    accounts.disable("anna@example.org", now=NOW)
    assert signed_in(accounts) is None
    accounts.enable("anna@example.org")
    assert signed_in(accounts) is not None


def test_a_new_password_replaces_the_old(accounts):
    accounts.change_password("anna@example.org", "another long one", now=NOW)
    assert signed_in(accounts) is None
    assert signed_in(accounts, password="another long one") is not None


def test_passwords_are_kept_as_argon2_hashes_only(accounts, tmp_path):
    with accounts._engine.connect() as connection:
        assert connection.execute(select(ACCOUNTS.c.password)).scalar_one().startswith("$argon2id$")
    assert PASSWORD.encode() not in b"".join(file.read_bytes() for file in tmp_path.iterdir())


def test_a_hash_of_weaker_parameters_is_made_anew_at_the_next_sign_in(accounts):
    stronger = Accounts(accounts._engine, PasswordHasher(time_cost=2, memory_cost=16, parallelism=1))
    assert signed_in(stronger) is not None
    with accounts._engine.connect() as connection:
        assert ",t=2," in connection.execute(select(ACCOUNTS.c.password)).scalar_one()
    assert signed_in(stronger) is not None


def test_an_unknown_account_costs_as_much_work_as_a_known_one(accounts):
    class Counting:
        verified = 0

        def __getattr__(self, name):
            return getattr(QUICK, name)

        def verify(self, *arguments):
            self.verified += 1
            return QUICK.verify(*arguments)

    counting = Counting()
    counted = Accounts(accounts._engine, counting)
    signed_in(counted, "nobody at all", "x")
    signed_in(counted, "anna@example.org", "x")
    assert counting.verified == 2


@pytest.mark.parametrize("password", ["short", "aaaaaaaaaaaaaaa", "anna@example.org", "x" * 2000, ""])
def test_a_password_that_is_easy_to_guess_is_refused(accounts, password):
    with pytest.raises(InputError, match="password"):
        accounts.change_password("anna@example.org", password, now=NOW)


@pytest.mark.parametrize("name", ["", "a b", "../x", "<b>", "a" * 65, "-x"])
def test_a_name_that_no_account_can_have_is_refused(accounts, name):
    with pytest.raises(InputError, match="cannot name an account"):
        accounts.add(name, PASSWORD, "ops", None, now=NOW)


def test_a_name_is_given_once(accounts):
    with pytest.raises(InputError, match="already"):
        accounts.add("ANNA@example.org", PASSWORD, "ops", None, now=NOW)


@pytest.mark.parametrize("role", ["rep", "manager"])
def test_reps_and_managers_are_somebody(accounts, role):
    with pytest.raises(InputError, match="--person"):
        accounts.add("new", PASSWORD, role, None, now=NOW)


def test_an_unknown_role_is_refused(accounts):
    with pytest.raises(InputError, match="rep, manager or ops"):
        accounts.add("new", PASSWORD, "admin", "u1", now=NOW)


def test_a_removed_account_is_gone(accounts):
    accounts.remove("anna@example.org")
    assert signed_in(accounts) is None
    with pytest.raises(NotFound):
        accounts.account("anna@example.org")


def test_attempts_are_free_at_first_and_then_wait_twice_as_long_each_time(accounts):
    waits = []
    now = NOW
    for _ in range(FREE_OF_BOTH + 4):
        wait = wait_after(accounts, "anna@example.org", HOME, now)
        waits.append(wait)
        if wait:
            now += timedelta(seconds=wait)
            assert wait_after(accounts, "anna@example.org", HOME, now) == 0
    # Refused once before each late attempt: 5 free, then 5, 10, 20, 40 seconds.
    assert waits == [0] * FREE_OF_BOTH + [5, 10, 20, 40]


def test_the_right_password_must_wait_as_well(accounts):
    for _ in range(FREE_OF_BOTH):
        wait_after(accounts, "anna@example.org", HOME, NOW)
    with pytest.raises(TooManyAttempts, match="try again in 5 seconds"):
        signed_in(accounts)


def test_no_wait_is_longer_than_a_quarter_of_an_hour(accounts):
    now = NOW
    for _ in range(40):
        wait = wait_after(accounts, "anna@example.org", HOME, now)
        assert wait <= 900
        now += timedelta(seconds=wait)


def test_who_guesses_in_one_place_does_not_lock_the_owner_out_at_another(accounts):
    for _ in range(FREE_OF_BOTH + 1):
        wait_after(accounts, "anna@example.org", ELSEWHERE, NOW)
    assert signed_in(accounts) is not None


def test_guessing_one_account_from_many_places_is_slowed_too(accounts):
    for place in range(FREE_OF_ACCOUNT):
        assert wait_after(accounts, "anna@example.org", f"192.0.2.{place}", NOW) == 0
    assert wait_after(accounts, "anna@example.org", "198.51.100.9", NOW) == 5


def test_guessing_many_accounts_from_one_place_is_slowed_too(accounts):
    for number in range(FREE_OF_ADDRESS):
        assert wait_after(accounts, f"name{number}", HOME, NOW) == 0
    assert wait_after(accounts, "one more", HOME, NOW) == 5


def test_one_network_of_the_newer_addresses_is_one_place(accounts):
    for number in range(FREE_OF_ADDRESS):
        wait_after(accounts, f"name{number}", f"2001:db8:1:2::{number:x}", NOW)
    assert wait_after(accounts, "one more", "2001:db8:1:2:ffff::1", NOW) == 5
    assert wait_after(accounts, "one more", "2001:db8:1:3::1", NOW) == 0


def test_signing_in_forgets_the_failures_before_it(accounts):
    for _ in range(FREE_OF_BOTH - 1):
        wait_after(accounts, "anna@example.org", HOME, NOW)
    assert signed_in(accounts) is not None
    for _ in range(FREE_OF_BOTH):
        assert wait_after(accounts, "anna@example.org", HOME, NOW) == 0


def test_failures_are_forgotten_after_a_day(accounts):
    for _ in range(FREE_OF_BOTH):
        wait_after(accounts, "anna@example.org", HOME, NOW)
    assert wait_after(accounts, "anna@example.org", HOME, NOW + timedelta(days=1, seconds=1)) == 0


def test_attempts_all_at_once_are_counted_each(accounts):
    with ThreadPoolExecutor(8) as pool:
        waits = list(pool.map(lambda _: wait_after(accounts, "anna@example.org", HOME, NOW), range(16)))
    assert waits.count(0) == FREE_OF_BOTH


def test_what_was_typed_for_a_name_is_kept_as_a_hash_only(accounts):
    wait_after(accounts, "my secret password", HOME, NOW)
    with accounts._engine.connect() as connection:
        kept = connection.execute(select(ATTEMPTS.c.key, ATTEMPTS.c.account)).all()
    assert kept and all(len(value) == 64 for row in kept for value in row)


def test_a_session_is_found_by_its_token_which_the_store_does_not_hold(accounts, sessions):
    session = sessions.start(accounts.account("anna@example.org"), now=NOW)
    assert sessions.find(session.token, now=NOW).viewer == Viewer("anna@example.org", "rep", "u1")
    with accounts._engine.connect() as connection:
        assert connection.execute(select(SESSIONS.c.token)).scalar_one() != session.token


@pytest.mark.parametrize("token", ["", "x", "\udcff", "' OR 1=1 --"])
def test_no_other_token_opens_it(accounts, sessions, token):
    sessions.start(accounts.account("anna@example.org"), now=NOW)
    assert sessions.find(token, now=NOW) is None


def test_a_session_ends_when_nobody_used_it_for_days(accounts, sessions):
    token = sessions.start(accounts.account("anna@example.org"), now=NOW).token
    assert sessions.find(token, now=NOW + IDLE) is None


def test_a_session_in_use_goes_on_until_its_last_day(accounts, sessions):
    token = sessions.start(accounts.account("anna@example.org"), now=NOW).token
    day = NOW
    while day < NOW + LASTS:
        assert sessions.find(token, now=day) is not None
        day += timedelta(days=2)
    assert sessions.find(token, now=NOW + LASTS) is None


def test_signing_out_ends_one_session(accounts, sessions):
    first, second = (sessions.start(accounts.account("anna@example.org"), now=NOW).token for _ in range(2))
    sessions.end(first)
    assert sessions.find(first, now=NOW) is None
    assert sessions.find(second, now=NOW) is not None


@pytest.mark.parametrize("change", ["change_password", "disable", "remove"])
def test_a_changed_account_is_signed_out_everywhere(accounts, sessions, change):
    token = sessions.start(accounts.account("anna@example.org"), now=NOW).token
    {
        "change_password": lambda: accounts.change_password("anna@example.org", "another long one", now=NOW),
        "disable": lambda: accounts.disable("anna@example.org", now=NOW),
        "remove": lambda: accounts.remove("anna@example.org"),
    }[change]()
    assert sessions.find(token, now=NOW) is None


def test_no_session_starts_with_a_password_that_was_changed_meanwhile(accounts, sessions):
    account = signed_in(accounts)
    accounts.change_password("anna@example.org", "another long one", now=NOW + timedelta(seconds=1))
    assert sessions.start(account, now=NOW) is None


def test_forms_of_one_session_do_not_fit_another(accounts, sessions):
    first, second = (sessions.start(accounts.account("anna@example.org"), now=NOW) for _ in range(2))
    assert first.csrf == csrf_of(first.token) != second.csrf
