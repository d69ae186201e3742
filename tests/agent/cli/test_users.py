"""`salesbrief users`: accounts from the command line, with passwords that are never arguments."""

from __future__ import annotations

import getpass
import io
import sys
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from agent.cli import users
from agent.cli.users import _password
from agent.store.stores import Stores
from tools.errors import InputError, NotFound
from tools.workspace import publish_layer

PASSWORD = "correct horse battery"


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    people = pd.DataFrame({"person_id": ["u1", "u2"], "name": ["Ann Berg", "Eli Holm"]})
    publish_layer(tmp_path / "w", "crm", {"people": people}, {}, zone="UTC", proposal="")
    return tmp_path / "w"


def run(*arguments: str, given: str = ""):
    result = CliRunner().invoke(users.users, list(arguments), input=given)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def added(workspace: Path) -> None:
    run("add", "Ann", "--role", "manager", "--person", "ann", "--data", str(workspace), given=f"{PASSWORD}\n")


def test_an_account_is_made_for_somebody_in_the_organisation(workspace):
    added(workspace)
    account = Stores.of_workspace(workspace).accounts.account("ann")
    assert (account.role, account.person) == ("manager", "u1")
    listed = run("list", "--data", str(workspace)).stdout
    assert "Ann Berg" in listed and PASSWORD not in listed


def test_the_piped_password_lets_in_and_a_new_one_replaces_it(workspace):
    added(workspace)
    accounts, now = Stores.of_workspace(workspace).accounts, datetime.now(UTC)
    assert accounts.sign_in("ann", PASSWORD, "192.0.2.1", now=now) is not None
    run("passwd", "ann", "--data", str(workspace), given="another long one\n")
    assert accounts.sign_in("ann", PASSWORD, "192.0.2.1", now=now) is None


def test_disabled_accounts_are_marked_and_removed_ones_are_gone(workspace):
    added(workspace)
    run("disable", "ann", "--data", str(workspace))
    assert "disabled" in run("list", "--data", str(workspace)).stdout
    run("disable", "ann", "--undo", "--data", str(workspace))
    assert "disabled" not in run("list", "--data", str(workspace)).stdout
    run("remove", "ann", "--data", str(workspace))
    assert "no account yet" in run("list", "--data", str(workspace)).stdout


@pytest.mark.parametrize(
    ("arguments", "given", "said"),
    [
        (("x", "--role", "boss"), f"{PASSWORD}\n", "rep, manager or ops"),
        (("x", "--role", "rep"), f"{PASSWORD}\n", "--person"),
        (("x", "--role", "ops"), "short\n", "shorter than"),
        (("x", "--role", "ops"), "", "No password was piped in"),
        (("x y", "--role", "ops"), f"{PASSWORD}\n", "cannot name an account"),
    ],
)
def test_what_cannot_be_an_account_is_told_in_a_sentence(workspace, arguments, given, said):
    with pytest.raises(InputError, match=said):
        run("add", *arguments, "--data", str(workspace), given=given)


def test_a_person_who_is_not_there_is_told_with_those_who_are(workspace):
    with pytest.raises(NotFound, match="Ann Berg"):
        run("add", "x", "--role", "rep", "--person", "Zed", "--data", str(workspace), given=f"{PASSWORD}\n")


def test_a_terminal_asks_twice_and_takes_only_what_agrees(monkeypatch):
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.setattr(sys, "stdin", Terminal())
    answers = iter([PASSWORD, PASSWORD, PASSWORD, "correct horse batterx"])
    monkeypatch.setattr(getpass, "getpass", lambda prompt: next(answers))
    assert _password("ann") == PASSWORD
    with pytest.raises(InputError, match="differ"):
        _password("ann")


def test_no_option_takes_a_password():
    options = [option for command in users.users.registered_commands for option in command.callback.__annotations__]
    assert "name" in options and not [option for option in options if "pass" in option]
