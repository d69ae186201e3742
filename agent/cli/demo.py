"""`salesbrief demo`: a whole organisation and the summaries of its five people, without key, server or network."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def demo(
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Where workspace/ and drafts/ are written.")],
) -> None:
    """Build the demo organisation, draft its five people's summaries, print them, and keep everything in DIR."""
    import json

    from agent.cli.drafts import draft_one, draft_text, findings_text
    from agent.cli.stores import making
    from agent.store.store import DraftStore
    from prompts.loader import PromptSet
    from tools.demo.organisation import DEMO
    from tools.demo.publish import publish_demo
    from tools.files import write_whole
    from tools.metrics.build import build_many
    from tools.workspace import Workspace

    publish_demo(out / "workspace")
    prompts = PromptSet.load()
    names = [person.name for person in DEMO.people]
    sheets = build_many(Workspace.open(out / "workspace"), names, DEMO.period, as_of=DEMO.as_of, kpis=prompts.kpis())
    store = DraftStore.of_workspace(out / "workspace")
    for sheet in sheets:
        written = draft_one(sheet, prompts, as_of=DEMO.as_of)
        store.add(written, making(written.record, "draft"))
        stem = out / "drafts" / sheet.person.split()[0].lower()
        markdown = draft_text(written, "md")
        write_whole(stem.with_suffix(".md"), markdown)
        write_whole(stem.with_suffix(".json"), draft_text(written, "json") + "\n")
        write_whole(stem.with_suffix(".facts.json"), json.dumps(sheet.model_dump(mode="json"), indent=2) + "\n")
        print(markdown)
        print(findings_text(written), end="\n\n")
    print(f"Workspace: {out / 'workspace'}   drafts: {out / 'drafts'}")
    print(f"Next: salesbrief explain win_rate --data {out / 'workspace'} --who Michael --period {DEMO.period}")
