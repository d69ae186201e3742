"""`salesbrief users`: who may sign in to `salesbrief serve`, and as what."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from agent.cli.options import AsJson, StoreData, StoreUrl
from tools.errors import InputError

if TYPE_CHECKING:
    from agent.store.accounts import Accounts

users = typer.Typer(
    name="users",
    help="Accounts for the web page: who may sign in, and as what (rep, manager or ops).",
    no_args_is_help=True,
    rich_markup_mode=None,
)
Name = Annotated[str, typer.Argument(metavar="NAME", help="The name to sign in with, or an e-mail address.")]


@users.command("add")
def add(
    name: Name,
    role: Annotated[str, typer.Option("--role", help="rep: own data; manager: their people's, too; ops: everybody's.")],
    person: Annotated[
        str | None, typer.Option("--person", metavar="WHO", help="Who in the organisation it is: name, e-mail or id.")
    ] = None,
    data: StoreData = None,
    store: StoreUrl = None,
) -> None:
    """Make an account. The password is asked for twice, or read from a pipe; it is never an argument."""
    accounts = _accounts(data, store)
    person_id, told = _somebody(data, person) if person is not None else (None, "")
    accounts.check_new(name, role, person_id)
    account = accounts.add(name, _password(name), role, person_id, now=_now())  # type: ignore[arg-type]
    print(f"{account.name} may sign in as {account.role}{told}.")


@users.command("list")
def list_(data: StoreData = None, store: StoreUrl = None, json: AsJson = False) -> None:
    """List the accounts. Passwords are not kept, only what tells a right one."""
    from agent.cli.output import columns, print_json
    from agent.cli.stores import local_time

    found = _accounts(data, store).accounts()
    if json:
        fields = ("name", "role", "person", "created_at", "password_at", "disabled_at")
        print_json([{field: getattr(each, field) for field in fields} for each in found])
        return
    names = _names(data)
    rows = [
        (
            each.name, each.role, names.get(each.person or "", each.person or "–"), local_time(each.created_at),
            "disabled" if each.disabled_at else "",
        )
        for each in found
    ]  # fmt: skip
    print(columns(("account", "role", "person", "made", ""), rows) if rows else "There is no account yet.")


@users.command("passwd")
def passwd(name: Name, data: StoreData = None, store: StoreUrl = None) -> None:
    """Give an account a new password and sign it out everywhere."""
    accounts = _accounts(data, store)
    account = accounts.account(name)
    accounts.change_password(account.name, _password(account.name), now=_now())
    print(f"{account.name} has a new password and is signed out everywhere.")


@users.command("disable")
def disable(
    name: Name,
    undo: Annotated[bool, typer.Option("--undo", help="Let it sign in again.")] = False,
    data: StoreData = None,
    store: StoreUrl = None,
) -> None:
    """Let nobody sign in with an account any more, and sign it out everywhere; what was written under it stays."""
    accounts = _accounts(data, store)
    account = accounts.account(name)
    if undo:
        accounts.enable(account.name)
        print(f"{account.name} may sign in again.")
    else:
        accounts.disable(account.name, now=_now())
        print(f"{account.name} may not sign in any more, and is signed out everywhere.")


@users.command("remove")
def remove(name: Name, data: StoreData = None, store: StoreUrl = None) -> None:
    """Delete an account. Drafts and statements written under it keep its name."""
    accounts = _accounts(data, store)
    account = accounts.account(name)
    accounts.remove(account.name)
    print(f"{account.name} is removed.")


def _accounts(data: Path | None, url: str | None) -> Accounts:
    from agent.store.accounts import Accounts
    from agent.store.database import open_database

    return Accounts(open_database(_url(data, url)))


def _url(data: Path | None, url: str | None) -> str:
    from agent.settings import read_environment
    from agent.store.store import FILE
    from tools.errors import NotFound

    url = url or read_environment().store
    if url is not None:
        return url
    if data is None:
        raise InputError("Say where the accounts are: --data WORKSPACE, or --store with a database URL.")
    if not data.is_dir():
        raise NotFound(f"{data} is no workspace; make one with `salesbrief import`.")
    return f"sqlite:///{data / FILE}"


def _somebody(data: Path | None, who: str) -> tuple[str, str]:
    """The id of that person in the organisation, and how to speak of them."""
    from agent.access import EVER, Access, Viewer
    from tools.workspace import Workspace

    if data is None:
        raise InputError("--person is looked up in the workspace; say which: --data WORKSPACE.")
    access = Access.of(Workspace.open(data), Viewer("", "ops"))
    key = access.find(who, EVER)
    if key not in access.roster.names:
        raise InputError(f'"{who}" is not one person; give the name of one.')
    return key, f" for {access.name_of(key)}"


def _names(data: Path | None) -> dict[str, str]:
    from agent.access import roster_of
    from tools.workspace import Workspace

    return {} if data is None else dict(roster_of(Workspace.open(data)).names)


def _password(name: str) -> str:
    """A password from the person at the terminal, asked for twice, or the first line of what is piped in."""
    from agent.store.accounts import account_name, checked_password

    if not sys.stdin.isatty():
        line = sys.stdin.readline().rstrip("\r\n")
        if line == "":
            raise InputError("No password was piped in; run this in a terminal to be asked for it.")
        return checked_password(line, account_name(name))
    import getpass

    first = checked_password(getpass.getpass(f"Password for {name}: "), account_name(name))
    if getpass.getpass("The same again: ") != first:
        raise InputError("The two passwords differ; nothing was changed.")
    return first


def _now() -> datetime:
    return datetime.now().astimezone()
