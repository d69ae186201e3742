"""The fact sheets that one answer touches, under the short names s1, s2 … by which the model cites them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from agent.chat.answer import SheetOf
from tools.facts import Evidence

if TYPE_CHECKING:
    from agent.chat.desk import Desk
    from agent.chat.view import View


@dataclass
class Sheets:
    """The sheets in the order in which they were touched. They are asked of the desk, which checks who may see them."""

    desk: Desk
    views: dict[str, View] = field(default_factory=dict)

    def name(self, of: SheetOf) -> str:
        """The short name of a sheet, given to it when first asked for."""
        for name, view in self.views.items():
            if (view.of.who, view.of.period) == (of.who, of.period):
                return name
        name = f"s{len(self.views) + 1}"
        self.views[name] = self.desk.view(of.who, of.period)
        return name

    def first(self) -> View:
        """The sheet of tokens without a name in front: the first one touched, else the conversation's own."""
        if not self.views:
            self.views["s1"] = self.desk.view()
        return self.views["s1"]

    def notes(self, name: str) -> Mapping[str, Evidence]:
        """The sheet's notes under short ids: ids of exports may hold anything."""
        return {f"n{number}": note for number, note in enumerate(self.views[name].sheet.evidence, start=1)}
