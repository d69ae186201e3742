"""From a question to the one call of a tool that it asks for, or to what comes nearest.

    route("which deals slipped last quarter?", vocabulary, setting)  ->  Routed("slipped", {"period": "2026-Q1"}, …)

A pure function of the text, the workspace's vocabulary, and what was asked before. Every tool's cues are scored
(`cues`), the things named become its arguments (`arguments`); what is named only in part is filled in from before.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from agent.chat.router.arguments import arguments_of, loss_reason
from agent.chat.router.asked import Asked, Routed, Setting, Unclear
from agent.chat.router.cues import LEAST, LEAST_OF_MOST, LEAST_OF_WHOLE, Scored, intents, scored
from agent.chat.router.doubts import doubt
from agent.chat.router.following import follow_up, going_on
from agent.chat.router.leftout import left_out, metric_passed_over, out_of_reach, refusal, telling
from agent.chat.router.likeness import LEAST_LIKE, Likest, likest
from agent.chat.router.reading import Word, data, mended, words_of
from agent.chat.router.reports import reports_showing
from agent.chat.router.saying import said_back
from agent.chat.router.slots import Slot, slots_of, told_in
from agent.chat.router.vocabulary import Vocabulary
from agent.chat.router.wishes import canonical_wish

_CLEAR_MARGIN = 0.7
_HINT = 0.5
# What a question that stands among the examples gains by it.
_LIKE = 3.5
# Of the words that say something, more than this share must be understood.
_LEAST_SHARE = 0.5
_SURE_SHARE = 0.75
# Where a needed thing is not named: taken from before it costs a little, else much.
_FROM_BEFORE, _LACKING = 0.3, 2.0
# Where a metric is named that the tool does not take.
_PASSED_OVER = 0.7
# To be kept as a statement, it must be more than a few words that might be one.
_LEAST_TOLD = 1.6
# What asks behind a figure.
_OPENING = ("why", "figure", "records", "open")
_OWN_LISTS = {"slipped_deals": "slipped", "stalled_deals": "stuck"}


def route(text: str, vocabulary: Vocabulary, setting: Setting) -> Routed | Unclear:
    """What the question asks for."""
    asked = taken_apart(text, vocabulary, setting)
    if not asked.words:
        return Unclear(())
    ranked = fits(asked)
    best = _told_as_report(_same_deals(ranked[0], ranked, asked), ranked, asked)
    following = follow_up(asked, best)
    if following is not None:
        return following
    share, unknown = _understood(asked, best)
    lacking = _lacks(best, asked)
    if best.score < _needed(best, asked, share, unknown) or share <= _LEAST_SHARE:
        near = tuple(each.intent.tool for each in ranked[:3] if each.score > _HINT)
        named = share > _LEAST_SHARE and bool(lacking) and best.score + _LACKING >= LEAST
        return Unclear(near, unknown, lacking[0] if named else "", out_of_reach(asked, split=not asked.has("metric")))
    if _of_figure_shown(best, asked):
        best = next(each for each in ranked if each.intent.tool == "open")
    elif lacking:
        return Unclear((best.intent.tool,), unknown, lacking[0])
    elif _of_losses(best, asked):
        best = next(each for each in ranked if each.intent.tool == "losses")
    elif _of_answer_before(best, asked):
        best = next(each for each in ranked if each.intent.tool == "why")
    if _over_a_reason(best, asked):
        best = _in_its_place("records", best, ranked)
    tool = best.intent.tool
    reason = refusal(tool, asked, unknown)
    if tool == "report" and telling(unknown) and not asked.has("report") and not asked.has("metric"):
        # Which report is meant hangs on the very word that nothing here knows.
        return Unclear((tool,), unknown)
    if reason:
        return Unclear((tool,), unknown, reason=reason)
    arguments, filled = arguments_of(tool, asked)
    arguments, carried = going_on(tool, arguments, asked)
    filled = filled or carried
    others, left = _others(best, ranked, asked), left_out(tool, arguments, asked, unknown)
    said = said_back(best.intent.says, arguments, vocabulary)
    return Routed(tool, arguments, said, doubt(tool, asked, others, left, filled, unknown), others)


def _of_figure_shown(best: Scored, asked: Asked) -> bool:
    """ "How was 73% arrived at?": the figure shown says which metric it is, not the question before."""
    return best.intent.tool in _OPENING and asked.has("printed") and not asked.has("metric")


def _of_losses(best: Scored, asked: Asked) -> bool:
    """ "And why?" of deals lost asks for the reasons, not for the formula."""
    metric = asked.metric() or asked.from_before("metric")
    return best.intent.tool == "why" and metric == "deals_lost" and asked.typed_whole(("why",))


def _over_a_reason(best: Scored, asked: Asked) -> bool:
    """ "Which deals did I lose to a competitor?": a reason that is named shows the deals that were lost over it."""
    about = best.intent.tool in ("losses", "records", "figure", "why", "report", "stuck", "slipped")
    return about and loss_reason(asked) is not None and (best.intent.tool == "losses" or asked.has("metric"))


def _of_answer_before(best: Scored, asked: Asked) -> bool:
    """ "Where does that come from?" of a metric's answer: that metric, of whom and when it was asked for."""
    named = any(asked.has(kind) for kind in ("printed", "number", "metric"))
    named = named or asked.typed_whole(tuple(data("periods")["ordinals"]))
    before = asked.setting.before
    return best.intent.tool == "open" and not named and before is not None and "metric" in before.arguments


def taken_apart(text: str, vocabulary: Vocabulary, setting: Setting) -> Asked:
    """The words of a question, and what they name."""
    words = mended(words_of(text), vocabulary.known, text, vocabulary.names)
    slots = _slots(text, words, vocabulary, setting)
    told = told_in(text, words)
    if told is not None:
        slots.append(Slot(told, text, 0, len(words)))
    return Asked(text, words, slots, vocabulary, setting)


def _needed(best: Scored, asked: Asked, share: float, unknown: Sequence[str]) -> float:
    """What a question must score to be taken as understood; more where a change of the draft is only guessed at."""
    if best.intent.tool == "edit" and not asked.has("section") and canonical_wish(asked) == asked.text.strip():
        return LEAST
    if best.intent.tool == "forget" and _unread(best, asked):
        # "Delete all my data" takes no statement back.
        return LEAST
    if best.intent.tool == "say" and best.score < _LEAST_TOLD and not asked.has("statement"):
        return _LEAST_TOLD
    if not unknown:
        return LEAST_OF_WHOLE
    return LEAST_OF_MOST if share >= _SURE_SHARE or asked.has("metric") else LEAST


def _same_deals(best: Scored, ranked: Sequence[Scored], asked: Asked) -> Scored:
    """Deals that have a list of their own are shown as that: "which deals slipped?" asks for no other records."""
    tool = _OWN_LISTS.get(asked.metric() or "") if best.intent.tool == "records" else None
    return next((replace(each, score=best.score) for each in ranked if each.intent.tool == tool), best)


def _told_as_report(best: Scored, ranked: Sequence[Scored], asked: Asked) -> Scored:
    """What has no single figure is shown as its report: "the pipeline waterfall" asks for no step of it. What no
    report shows is shown as a figure."""
    if best.intent.tool == "report" and not asked.has("report") and asked.has("metric"):
        if reports_showing(asked.metric(), None, asked.vocabulary):
            return best
        return next(
            replace(each, score=best.score, words=best.words) for each in ranked if each.intent.tool == "figure"
        )
    told = best.intent.tool in ("figure", "records") and asked.metric() in data("words")["in_parts"]["metrics"]
    if not told:
        return best
    return _in_its_place("report", best, ranked)


def _in_its_place(tool: str, best: Scored, ranked: Sequence[Scored]) -> Scored:
    return next(replace(each, score=best.score, words=best.words) for each in ranked if each.intent.tool == tool)


def fits(asked: Asked) -> list[Scored]:
    """The intents, best first, what they need and what was asked before counted in."""
    found = []
    like = likest(asked.words, asked.slots, asked.setting.leave_out)
    for intent in intents():
        fit = scored(intent, asked.words, asked.slots)
        if intent.tool in like:
            fit = _likened(fit, like[intent.tool], asked.words)
        score = fit.score
        before = asked.setting.before
        if before is not None and score > 0:
            # What was asked before adds to what is said now, and never speaks louder: "my statements" forgets none.
            score += min(intent.after.get(before.tool, 0.0), score)
        if score > 0 and metric_passed_over(intent, asked) is not None:
            score -= _PASSED_OVER
        for need in intent.needs:
            if not asked.has(need):
                score -= _FROM_BEFORE if asked.from_before(need) is not None else _LACKING
        found.append(replace(fit, score=score))
    return sorted(found, key=lambda fit: -fit.score)


def _likened(fit: Scored, example: Likest, words: Sequence[Word]) -> Scored:
    """The fit with what the likest example adds to it."""
    shared = {index for index, word in enumerate(words) if word.stem in example.shared}
    return replace(fit, score=fit.score + _LIKE * (example.likeness - LEAST_LIKE), words=fit.words | shared)


def _lacks(fit: Scored, asked: Asked) -> list[str]:
    return [need for need in fit.intent.needs if not asked.has(need) and asked.from_before(need) is None]


def _unread(best: Scored, asked: Asked) -> list[str]:
    """The words of a question that its cues do not cover, small ones aside, where it names no statement."""
    if arguments_of(best.intent.tool, asked)[0].get("which", "last") != "last":
        return []
    small = (*data("words")["filler"]["words"], *data("names")["kept"]["words"])
    return [word.plain for index, word in enumerate(asked.words) if index not in best.words and word.plain not in small]


def _understood(asked: Asked, fit: Scored) -> tuple[float, tuple[str, ...]]:
    """The share of the telling words that cues or things named account for, and the others."""
    if fit.intent.tool in ("say", "edit", "forget"):
        return 1.0, ()
    filler = set(data("words")["filler"]["words"])
    taken = set(fit.words) | {
        index
        for slot in asked.slots
        if slot.kind not in ("statement", "telling", "did", "number")
        for index in range(slot.start, slot.end)
    }
    # A name that is nobody's here makes a question neither clearer nor less clear.
    strangers = {index for slot in asked.all("stranger") for index in range(slot.start, slot.end)}
    telling = [
        index
        for index, word in enumerate(asked.words)
        if index not in strangers and (index in taken or word.plain not in filler)
    ]
    unknown = tuple(dict.fromkeys(asked.words[index].typed for index in telling if index not in taken))
    if not telling:
        return 1.0, ()
    return 1 - sum(index not in taken for index in telling) / len(telling), unknown


def _others(best: Scored, ranked: Sequence[Scored], asked: Asked) -> tuple[str, ...]:
    """What else it may have meant."""
    kin = {tool for tools in data("names")["kin"]["tools"] if best.intent.tool in tools for tool in tools}
    close = [
        each for each in ranked[1:3]
        if each.score >= LEAST and best.score - each.score < _CLEAR_MARGIN and each.intent.tool not in kin
    ]  # fmt: skip
    said = []
    for each in close:
        if each.intent.tool in ("say", "edit") or _lacks(each, asked):
            continue
        arguments, _ = arguments_of(each.intent.tool, asked)
        said.append(said_back(each.intent.says, arguments, asked.vocabulary))
    return tuple(said)


def _slots(text: str, words: Sequence[Word], vocabulary: Vocabulary, setting: Setting) -> list[Slot]:
    """What the words name, slips put right; the places of times are those in the text as it was typed."""
    found = slots_of(*_mended_text(text, words), vocabulary, setting.calendar)
    return [
        slot if slot.period is None
        else replace(slot, period=replace(slot.period, start=words[slot.start].start, end=words[slot.end - 1].end))
        for slot in found
    ]  # fmt: skip


def _mended_text(text: str, words: Sequence[Word]) -> tuple[str, list[Word]]:
    """The text with its slips put right, and its words with their places in it."""
    parts, places, at, shift = [], [], 0, 0
    for word in words:
        start = word.start + shift
        if word.mended is not None:
            # "quater's" keeps its ending.
            written = word.plain + text[word.start : word.end][len(word.mended) :]
            parts += [text[at : word.start], written]
            at, shift = word.end, shift + len(written) - (word.end - word.start)
        places.append(replace(word, start=start, end=word.end + shift))
    return "".join([*parts, text[at:]]), places
