"""`salesbrief` in a process of its own that dies at one moment of saving: `python killed.py MOMENT WORDS …`.

MOMENT: insert (the version is about to be written), inserted, commit (it is about to be made to last), saved; never.
"""

from __future__ import annotations

import os
import signal
import sys

from sqlalchemy import Engine, event
from sqlalchemy.pool import Pool

from agent.cli.main import main


def dies_at(moment: str) -> None:
    """Kill this process at that moment of its first write of a version."""
    reached: list[str] = []

    def reach(name: str) -> None:
        reached.append(name)
        if name == moment:
            os.kill(os.getpid(), signal.SIGKILL)

    def writes(statement: str) -> bool:
        return statement.lower().startswith("insert into versions")

    @event.listens_for(Engine, "before_cursor_execute")
    def before(connection, cursor, statement, *rest) -> None:  # noqa: ANN001, ANN002
        if writes(statement):
            reach("insert")

    @event.listens_for(Engine, "after_cursor_execute")
    def after(connection, cursor, statement, *rest) -> None:  # noqa: ANN001, ANN002
        if writes(statement):
            reach("inserted")

    @event.listens_for(Engine, "commit")
    def commits(connection) -> None:  # noqa: ANN001
        if "inserted" in reached:
            reach("commit")

    @event.listens_for(Pool, "checkin")
    def returned(connection, record) -> None:  # noqa: ANN001
        if "commit" in reached:
            reach("saved")


if __name__ == "__main__":
    dies_at(sys.argv[1])
    sys.argv[:2] = ["salesbrief"]
    main()
