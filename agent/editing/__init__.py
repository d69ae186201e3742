"""Edits: what a person asks of a draft, done without losing a fact.

    wish = read_wish("warmer, 120 words", prompts)               agent.editing.wish
    edit = await edit_draft(draft, wish, prompts, run, …)         agent.editing.edit
    section_changes(draft, edit.draft), word_difference(…)        agent.editing.difference

`edit_draft` is the one way in, for commands, pages and conversations alike. It takes the `review` of the checks and,
where a model is to write, a `rewriter` (`agent.models.rewriter.open_rewriter`); without one the composer follows tones,
lengths, orders, sections left out and the person it is told in. It never raises for a wish: `Edit.answers` says what
cannot be done and what is on record instead, `Edit.refused` which sections keep their old text and what they would have
lost, `Edit.changed` which have new words. Saving is the caller's: `DraftStore.append(draft_id, edited_from, edit.draft,
making)`, which refuses where somebody else saved first. `agent.cli.editing.edit_one` brings all of that together.

    "make the KPI part shorter"          sections=["kpis"] or within the wish; a section is shortened alone
    "start with the pipeline"            wish.start_with
    "leave out the activity section"     wish.leave_out; its key shortfalls go to the headline
"""
