"""Who may see what. Every tool and every page asks here; no prompt is trusted with it.

A rep sees their own data; a manager also those of their teams, as of the period asked for; ops everybody's. On a
person's own sheet stand the values of comparable people together, never those of one of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Role = Literal["rep", "manager", "ops"]


@dataclass(frozen=True)
class Viewer:
    """Who is asking. `person` is their id in the organisation's people; None for somebody who is no seller.

    `account` names who signed in; statements and versions are kept under it. In the one-person mode it is the login
    name, and the role is ops: whoever has the files sees them anyway.
    """

    account: str
    role: Role
    person: str | None = None
