"""What a metric needs of the data, and the sentence that says what is missing."""

from __future__ import annotations

TABLE_WORDS = {"deal_changes": "deal history", "forecasts": "submitted forecasts", "people": "people"}
# What people call the records that have a day in a column, where that is not the table's name.
DATED = {"deals.closed_on": "closed deals", "deals.created_on": "new deals", "deals.expected_close_on": "deals due"}
# A source without a lost deal, or without one that is open or took a day to close, tells of orders: the rest is not
# none but unknown.
LOST_KNOWN = "deals.status=lost"
OPEN_KNOWN = "deals.status=open|deals.created_on<closed_on"
NO_HISTORY = "there is no history of changes: today's values stand for that day"
NO_CLOSE_DATES = "there is no history of close dates: only deals that still carry their old date are seen"
_DAYS = {"created_on": "created", "first_contact_on": "first contacted"}


def table_words(table: str) -> str:
    """A table's name as people say it."""
    return TABLE_WORDS.get(table, table.replace("_", " "))


def condition_of(column: str) -> str:
    """The SQL test of a need's part behind the dot: a column with any value, `column=value`, or `column<column`."""
    name, equals, value = column.partition("=")
    if equals:
        return f"\"{name}\" = '{value}'"
    earlier, less, later = column.partition("<")
    return f'"{earlier}" < "{later}"' if less else f'"{column}" IS NOT NULL'


def what_supplies(need: str, present: frozenset[str]) -> str:
    """`activities` → "no activities on record; import …"; `deals.next_step|activities` names both."""
    choices = need.split("|")
    table, _, column = choices[0].partition(".")
    if table in present and "=" in column:
        value = column.partition("=")[2]
        return f"no {value} {table_words(table)} on record; import them to compute this"
    if table in present and "<" in column:
        earlier = column.partition("<")[0]
        return f"no deal on record was {_DAYS.get(earlier, earlier)} before the day on which it closed"
    named = []
    for choice in choices:
        table, _, column = choice.partition(".")
        of_column = column != "" and table in present
        named.append(f"{column} in {table_words(table)}" if of_column else table_words(table))
    named = list(dict.fromkeys(named))
    return f"no {' or '.join(named)} on record; import {'either' if len(named) > 1 else 'it'} to compute this"
