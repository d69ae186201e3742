"""`salesbrief check`: any draft, one's own or somebody else's, with or without the facts it was written from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from evals.checks import run_checks
from evals.reading.families import words_of
from evals.reading.folding import fold
from evals.reading.language import language_codes, load_language
from tools.errors import InputError

# Fewer known words than this tell nothing of a text's language.
_FEWEST_WORDS = 3
DEFAULT_LANGUAGE = "en"


def check_draft(
    markdown: str, facts_json: Any | None = None, evidence_json: Any | None = None, lang: str | None = None
) -> dict[str, Any]:
    """The findings on a draft, as documented JSON: findings, coverage, skipped, errors, structure and language.

    `facts_json` is a fact sheet or any object with `facts` (and maybe `evidence` and `locale`), or the list itself;
    `evidence_json` likewise. Without facts, the checks that need them are skipped and named. The language is the one
    given, else the facts', else guessed from the draft. InputError in one sentence for what cannot be read.
    """
    if not markdown.strip():
        raise InputError("The draft is empty: there is nothing to check.")
    facts = [] if facts_json is None else _entries(facts_json, "facts")
    sheet = facts_json if isinstance(facts_json, Mapping) else {}
    evidence = sheet.get("evidence") or [] if evidence_json is None else _entries(evidence_json, "evidence")
    if not isinstance(evidence, list) or not all(isinstance(entry, Mapping) for entry in evidence):
        raise InputError('"evidence" should be a list of objects with `text`.')
    evidence = [*evidence, *_also_on_record(sheet)]
    locale = sheet.get("locale")
    code = lang or (locale if isinstance(locale, str) else None) or guess_language(markdown)
    language = load_language(code)
    facts = _in_play(facts, markdown)
    return {**run_checks(markdown, facts, evidence, language.code).as_json(), "language": language.code}


def _in_play(facts: list[Mapping[str, Any]], markdown: str) -> list[Mapping[str, Any]]:
    """The facts that a figure of the draft may stand for: a part's (a stage, a product) and a median only where named.

    A sheet of ours holds a hundred parts' figures; left in, one of them excuses almost any invented number.
    """
    text = " ".join(markdown.lower().replace("\\", "").split())

    def named(fact: Mapping[str, Any]) -> bool:
        part = str(fact.get("id", "")).partition("[")[2].rpartition("]")[0]
        statistic = str(fact.get("id", "")).rpartition(".")[2]
        if statistic in ("median", "mean") and statistic not in text and not fact.get("key"):
            return False
        value = part.partition("=")[2].lower()
        return not part or bool(fact.get("key")) or value in text or value.replace("_", " ") in text

    return [fact for fact in facts if named(fact)]


def _also_on_record(sheet: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What a fact sheet records besides facts and notes: lines on the data, changes of scope, notes on targets."""
    scope, facts = sheet.get("scope") or {}, sheet.get("facts") or []
    lines = [*(sheet.get("quality") or []), *(scope.get("changes") or [])]
    lines += [fact[key] for fact in facts for key in ("target_note", "definition", "why", "caveat") if fact.get(key)]
    lines += [note for fact in facts for note in fact.get("notes") or []]
    return [{"id": f"sheet-{number}", "kind": "context", "text": line} for number, line in enumerate(lines, 1)]


def _entries(given: Any, key: str) -> list[Mapping[str, Any]]:
    """The list of objects that `given` is or holds under `key`."""
    entries = given.get(key) if isinstance(given, Mapping) else given
    if isinstance(given, Mapping) and key not in given:
        raise InputError(f'The {key} file has no "{key}"; seen: {", ".join(map(str, list(given)[:8])) or "nothing"}.')
    if not isinstance(entries, list) or not all(isinstance(entry, Mapping) for entry in entries):
        raise InputError(f'"{key}" should be a list of objects.')
    return entries


def guess_language(markdown: str) -> str:
    """The language whose everyday words the draft holds most of; English where hardly any are known."""
    words = [word.text for word in words_of(fold(markdown).text)]
    known = {code: frozenset(load_language(code).words("claims.common.grammar.words")) for code in language_codes()}
    counts = {code: sum(word in grammar for word in words) for code, grammar in known.items()}
    best = max(counts, key=lambda code: (counts[code], code == DEFAULT_LANGUAGE))
    return best if counts[best] >= _FEWEST_WORDS else DEFAULT_LANGUAGE


def findings_text(result: Mapping[str, Any]) -> str:
    """The result of `check_draft` for people: one finding a paragraph, then what was and was not looked at."""
    lines: list[str] = []
    for finding in result["findings"]:
        lines += _finding_lines(finding)
    if not result["findings"]:
        lines.append("No findings.")
    lines.append("")
    lines.append(_coverage_line(result["coverage"]))
    if result["skipped"]:
        lines.append(f"Not run, because they need facts: {', '.join(result['skipped'])}.")
    lines += [
        f"Crashed, so neither passed nor failed: {error['check']} ({error['error']})" for error in result["errors"]
    ]
    if result.get("structure"):
        lines.append("")
        lines.append("Structure, beside the rubric:")
        lines += [
            f"  {_place(finding)}{finding['message']} {_sentence(finding['suggestion'])}"
            for finding in result["structure"]
        ]
    return "\n".join(lines)


def _finding_lines(finding: Mapping[str, Any]) -> list[str]:
    about = f" ({finding['fact']})" if finding["fact"] else ""
    lines = [f"{_place(finding)}{finding['check']}, {finding['severity']}{about}"]
    if finding["quote"]:
        lines.append(f"    “{' '.join(finding['quote'].split())}”")
    return [*lines, f"    {finding['message']}", f"    {_sentence(finding['suggestion'])}", ""]


def _place(finding: Mapping[str, Any]) -> str:
    return "" if finding["line"] is None else f"{finding['line']}:{finding['column']}  "


def _sentence(words: str) -> str:
    whole = words[:1].upper() + words[1:]
    return whole if whole.endswith((".", "!", "?")) else f"{whole}."


def _coverage_line(coverage: Mapping[str, int]) -> str:
    if coverage["seen"] == 0:
        return "No figure was read in this draft, so its numbers are not vouched for."
    bound, unbound = coverage["bound"], coverage["unbound"]
    return f"{coverage['seen']} figures read: {bound} stand for a fact or a note, {unbound} for neither."
