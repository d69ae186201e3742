"""The canonical tables: what every source is read into, column by column, and what an empty cell means.

One list, read by the sources (what to fill), the workspace (how to store it), the relations (what may be asked)
and `salesbrief schema --tables` (what people read). Column types:

    text  date  instant (UTC, no zone)  money (DECIMAL, in the row's currency)  number  ratio (0–1)  integer  flag
    person / deal / account / lead / product: text naming a row of that table by id, e-mail or name
    choice: one of the listed words
"""

from __future__ import annotations

from dataclasses import dataclass, field

SQL_TYPES = {
    "text": "VARCHAR", "choice": "VARCHAR", "person": "VARCHAR", "deal": "VARCHAR", "account": "VARCHAR",
    "lead": "VARCHAR", "product": "VARCHAR", "date": "DATE", "instant": "TIMESTAMP", "money": "DECIMAL(18,4)",
    "number": "DOUBLE", "ratio": "DOUBLE", "integer": "BIGINT", "flag": "BOOLEAN",
}  # fmt: skip


@dataclass(frozen=True)
class Column:
    """One column: its type, what it says, and what an empty cell means."""

    name: str
    type: str
    meaning: str
    empty: str = "not recorded"
    required: bool = False
    choices: tuple[str, ...] = ()

    @property
    def sql_type(self) -> str:
        return SQL_TYPES[self.type]


@dataclass(frozen=True)
class Table:
    """One canonical table. `key` columns identify a row; a later layer's row replaces an earlier one."""

    name: str
    meaning: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = field(default=())

    def column(self, name: str) -> Column | None:
        return next((column for column in self.columns if column.name == name), None)

    @property
    def column_names(self) -> list[str]:
        return [column.name for column in self.columns]


def _c(name: str, type_: str, meaning: str, empty: str = "not recorded", *choices: str) -> Column:
    return Column(name, type_, meaning, empty, False, choices)


def _key(name: str, type_: str, meaning: str) -> Column:
    return Column(name, type_, meaning, "refused: the row is left out and reported", True)


_CURRENCY = _c("currency", "text", "ISO 4217 code of the row's money", "the organisation's currency")

PEOPLE = Table("people", "everyone who owns records, and their managers", (
    _key("person_id", "text", "the source's id of the person, else the e-mail or name"),
    _c("name", "text", "full name as shown", "the id is shown"),
    _c("email", "text", "e-mail address, matched without regard to case"),
    _c("role", "text", "sales_rep, sdr, [enterprise_]account_executive, account_manager or sales_manager",
       "the workspace's default role"),
    _c("manager", "person", "whom the person reports to now", "nobody on record"),
    _c("team", "text", "team now", "no team"),
    _c("segment", "text", "segment served now", "all segments"),
    _c("territory", "text", "territory owned now"),
    _c("start_on", "date", "first day of employment", "before all records"),
    _c("leave_on", "date", "first day no longer employed", "still there"),
    _c("ramp_until", "date", "first day after ramping", "not ramping"),
    _c("active", "flag", "whether the account is active in the source", "taken as active"),
), ("person_id",))  # fmt: skip

MEMBERSHIPS = Table("memberships", "role, team, segment, territory and manager over time", (
    _key("person", "person", "who"),
    _c("role", "text", "role in these days", "as in people"),
    _c("team", "text", "team in these days", "as in people"),
    _c("segment", "text", "segment in these days", "as in people"),
    _c("territory", "text", "territory in these days", "as in people"),
    _c("manager", "person", "manager in these days", "as in people"),
    _c("from_on", "date", "first day", "since ever"),
    _c("to_on", "date", "first day no longer so", "until further notice"),
), ("person", "from_on", "team", "role"))  # fmt: skip

DEALS = Table("deals", "opportunities as they stand in the export", (
    _key("deal_id", "text", "the source's id"),
    _c("name", "text", "deal name", "the id is shown"),
    _c("account", "account", "the customer"),
    _c("owner", "person", "owner now", "unknown owner: in no person's figures, counted in the report"),
    _c("pipeline", "text", "pipeline, where there are several", "the default pipeline"),
    _c("stage", "text", "stage now, as the source names it"),
    _c("status", "choice", "open, won or lost", "refused: the row is left out and reported", "open", "won", "lost"),
    _c("amount", "money", "value of the deal on the workspace's amount basis", "no amount on record, which is not 0"),
    _CURRENCY,
    _c("created_on", "date", "day of creation, in the organisation's zone"),
    _c("first_contact_on", "date", "day of the first contact"),
    _c("expected_close_on", "date", "close date promised while open"),
    _c("closed_on", "date", "day it was won or lost", "still open, or closed without a date (then in no period)"),
    _c("probability", "ratio", "win probability as recorded"),
    _c("forecast_category", "choice", "category now", "not recorded",
       "commit", "best_case", "pipeline", "omitted", "closed"),
    _c("type", "choice", "kind of business", "taken as new business", "new", "expansion", "renewal"),
    _c("segment", "text", "customer segment of the deal", "the account's segment"),
    _c("source", "text", "lead source"),
    _c("origin", "choice", "who originated it", "not recorded", "marketing", "sales"),
    _c("product", "product", "main product"),
    _c("next_step", "text", "next step as written; untrusted text", "no next step"),
    _c("next_step_on", "date", "day the next step is due"),
    _c("last_activity_on", "date", "day of the last activity as the source says"),
    _c("lost_reason", "text", "why it was lost; untrusted text"),
    _c("slip_reason", "text", "why it slipped; untrusted text"),
), ("deal_id",))  # fmt: skip

DEAL_CHANGES = Table("deal_changes", "history of a deal's tracked fields", (
    _key("deal", "deal", "which deal"),
    Column("field", "choice", "which field changed", "refused: the row is left out and reported", True,
           ("stage", "amount", "expected_close_on", "owner", "forecast_category", "next_step")),
    _c("old", "text", "value before, as text (dates ISO, amounts plain)", "it was empty or unknown"),
    _c("new", "text", "value after, as text", "it became empty"),
    Column("at", "instant", "when", "refused: the row is left out and reported", True),
    _c("by", "person", "who changed it"),
), ("deal", "field", "at", "new"))  # fmt: skip

SPLITS = Table("splits", "shares of a deal's amount among people", (
    _key("deal", "deal", "which deal"),
    _key("person", "person", "who shares"),
    _c("share", "ratio", "share of the amount, 0–1"),
), ("deal", "person"))  # fmt: skip

DEAL_LINES = Table("deal_lines", "products on a deal", (
    _key("deal", "deal", "which deal"),
    _key("product", "product", "what was sold"),
    _c("quantity", "number", "units"),
    _c("amount", "money", "line total after discount"),
    _c("discount", "ratio", "discount off list price"),
    _c("margin", "ratio", "gross margin"),
    _c("returned", "money", "value returned"),
), ("deal", "product"))  # fmt: skip

STAGES = Table("stages", "what each stage means; workspace.toml overrides", (
    _c("pipeline", "text", "pipeline", "every pipeline"),
    _key("stage", "text", "stage as it stands in deals"),
    _c("label", "text", "name for people", "the stage as it stands"),
    _c("position", "integer", "order in the pipeline"),
    _c("kind", "choice", "open, won or lost", "taken from the deals in it", "open", "won", "lost"),
    _c("probability", "ratio", "win probability set for the stage"),
    _c("late", "flag", "whether it counts as late-stage", "the last two open stages count"),
    _c("category", "choice", "forecast category of the stage", "none",
       "commit", "best_case", "pipeline", "omitted", "closed"),
), ("pipeline", "stage"))  # fmt: skip

ACTIVITIES = Table("activities", "calls, e-mails, meetings, tasks …", (
    _key("activity_id", "text", "the source's id"),
    Column("type", "choice", "kind of activity", "refused: the row is left out and reported", True,
           ("call", "email", "meeting", "demo", "follow_up", "task", "chat", "note", "sequence", "business_review")),
    _c("owner", "person", "who did it", "in no person's figures"),
    _c("at", "instant", "when it took or takes place", "in no period"),
    _c("booked_at", "instant", "when it was booked", "taken as the time it took place"),
    _c("status", "choice", "what became of it", "completed", "completed", "scheduled", "cancelled", "no_show"),
    _c("outcome", "text", "outcome as the source names it"),
    _c("qualified", "flag", "a meeting marked as qualified", "not qualified"),
    _c("deal", "deal", "on which deal"),
    _c("account", "account", "with which account"),
    _c("lead", "lead", "with which lead"),
    _c("minutes", "number", "duration"),
    _c("selling", "flag", "whether the time is selling time"),
    _c("subject", "text", "subject; untrusted text"),
), ("activity_id",))  # fmt: skip

LEADS = Table("leads", "leads and what became of them", (
    _key("lead_id", "text", "the source's id"),
    _c("owner", "person", "who works it"),
    _c("account", "account", "company"),
    _c("source", "text", "lead source"),
    _c("origin", "choice", "who originated it", "not recorded", "marketing", "sales"),
    _c("status", "text", "status as the source names it"),
    _c("created_at", "instant", "when it arrived"),
    _c("assigned_at", "instant", "when this owner got it", "when it arrived"),
    _c("first_touch_at", "instant", "first qualifying touch", "found among the activities, else unanswered"),
    _c("converted_at", "instant", "when it became an opportunity", "not converted"),
    _c("deal", "deal", "the opportunity it became", "none"),
), ("lead_id",))  # fmt: skip

ACCOUNTS = Table("accounts", "customers and prospects", (
    _key("account_id", "text", "the source's id, else the name"),
    _c("name", "text", "name; untrusted text", "the id is shown"),
    _c("owner", "person", "who manages it"),
    _c("segment", "text", "segment"),
    _c("industry", "text", "industry"),
    _c("territory", "text", "territory"),
    _c("parent", "account", "parent company"),
), ("account_id",))  # fmt: skip

TARGETS = Table("targets", "what was agreed for a person or a team, per metric and period", (
    _c("person", "person", "for whom", "the team's target"),
    _c("team", "text", "for which team", "the person's target"),
    _key("metric", "text", "metric id, with a dimension where it has one; `quota` means revenue_won"),
    Column("start_on", "date", "first day it holds", "refused: the row is left out and reported", True),
    Column("end_on", "date", "last day it holds, included", "refused: the row is left out and reported", True),
    Column("value", "number", "the target: money in currency units, ratios 0–1", "refused and reported", True),
    _CURRENCY,
    _c("set_on", "date", "day it was agreed", "before the period"),
    _c("adjusted_value", "number", "the target after an agreed adjustment", "no adjustment"),
    _c("adjusted_on", "date", "day the adjustment was agreed"),
    _c("adjustment", "text", "why it was adjusted: ramp, leave, moved accounts"),
    _c("covers", "choice", "whose results count towards it: the person's own, or those of the people they lead",
       "a manager's covers the people they lead, everybody else's their own results", "own", "people"),
), ("person", "team", "metric", "start_on"))  # fmt: skip

FORECASTS = Table("forecasts", "submitted forecasts", (
    _c("person", "person", "whose forecast", "the team's forecast"),
    _c("team", "text", "which team's forecast", "the person's forecast"),
    _c("metric", "choice", "what is forecast", "revenue_won", "revenue_won", "renewed_mrr"),
    Column("start_on", "date", "first day of the period forecast", "refused and reported", True),
    Column("end_on", "date", "last day of the period forecast, included", "refused and reported", True),
    Column("category", "choice", "which figure", "refused and reported", True,
           ("commit", "best_case", "pipeline", "omitted", "closed")),
    Column("amount", "money", "the forecast", "refused and reported", True),
    _CURRENCY,
    Column("submitted_on", "date", "as of which day", "refused and reported", True),
), ("person", "team", "metric", "start_on", "category", "submitted_on"))  # fmt: skip

SUBSCRIPTIONS = Table("subscriptions", "recurring contracts: one row per span of unchanged MRR", (
    _key("subscription_id", "text", "the source's id"),
    _c("account", "account", "customer"),
    _c("owner", "person", "who manages it", "the account's owner"),
    _c("product", "product", "product"),
    _c("start_on", "date", "first paying day"),
    _c("end_on", "date", "first day no longer paying", "still paying"),
    _c("mrr", "money", "monthly recurring revenue"),
    _CURRENCY,
    _c("end_reason", "text", "why it ended; untrusted text"),
), ("subscription_id", "start_on"))  # fmt: skip

RENEWALS = Table("renewals", "contracts due for renewal and what became of them", (
    _key("renewal_id", "text", "the source's id"),
    _c("account", "account", "customer"),
    _c("owner", "person", "who manages it", "the account's owner"),
    _c("subscription", "text", "the subscription due"),
    Column("due_on", "date", "day it is due", "refused and reported", True),
    _c("mrr", "money", "MRR due"),
    _c("renewed_mrr", "money", "MRR renewed", "as due when renewed"),
    _CURRENCY,
    _c("outcome", "choice", "what became of it", "pending", "renewed", "churned", "pending"),
    _c("closed_on", "date", "day it was decided"),
), ("renewal_id",))  # fmt: skip

USAGE = Table("usage", "how much customers use what they bought", (
    _key("account", "account", "customer"),
    _c("product", "product", "product", "all products"),
    Column("on", "date", "day measured", "refused and reported", True),
    Column("value", "number", "usage, in the source's unit", "refused and reported", True),
), ("account", "product", "on"))  # fmt: skip

ESCALATIONS = Table("escalations", "complaints and incidents that were escalated", (
    _key("escalation_id", "text", "the source's id"),
    _c("account", "account", "customer"),
    _c("opened_on", "date", "day opened"),
    _c("closed_on", "date", "day closed", "still open"),
    _c("severity", "text", "severity as the source names it"),
), ("escalation_id",))  # fmt: skip

SPEND = Table("spend", "sales and marketing spend", (
    _c("team", "text", "which team's", "the whole organisation's"),
    Column("category", "choice", "sales or marketing", "refused and reported", True, ("sales", "marketing")),
    Column("start_on", "date", "first day", "refused and reported", True),
    Column("end_on", "date", "last day, included", "refused and reported", True),
    Column("amount", "money", "money spent", "refused and reported", True),
    _CURRENCY,
), ("team", "category", "start_on"))  # fmt: skip

PRODUCTS = Table("products", "what is sold", (
    _key("product_id", "text", "the source's id, else the name"),
    _c("name", "text", "name", "the id is shown"),
    _c("family", "text", "family or series"),
    _c("list_price", "money", "list price"),
), ("product_id",))  # fmt: skip

EXCHANGE_RATES = Table("exchange_rates", "what one unit of a currency is worth in the organisation's", (
    _key("currency", "text", "ISO 4217 code"),
    Column("on", "date", "day from which the rate holds", "refused and reported", True),
    Column("rate", "number", "organisation currency per unit", "refused and reported", True),
), ("currency", "on"))  # fmt: skip

EVIDENCE = Table("evidence", "dated notes that may explain a number; untrusted text", (
    _key("evidence_id", "text", "stable id"),
    Column("on", "date", "day of the note", "refused and reported", True),
    _c("person", "person", "about whom", "about the team, or everybody"),
    _c("team", "text", "about which team"),
    _c("kind", "choice", "what kind of note", "note", "action", "decision", "context", "constraint", "praise",
       "next_step", "process_change", "note", "work"),
    Column("text", "text", "the words", "refused and reported", True),
    _c("metric", "text", "metric it explains"),
    _c("deal", "deal", "deal it is about"),
    _c("account", "account", "account it is about"),
    _c("link", "text", "where it stands"),
    _c("self_reported", "flag", "stated by the person themselves", "no"),
), ("evidence_id",))  # fmt: skip

TABLES: dict[str, Table] = {
    table.name: table
    for table in (
        PEOPLE, MEMBERSHIPS, DEALS, DEAL_CHANGES, SPLITS, DEAL_LINES, STAGES, ACTIVITIES, LEADS, ACCOUNTS, TARGETS,
        FORECASTS, SUBSCRIPTIONS, RENEWALS, USAGE, ESCALATIONS, SPEND, PRODUCTS, EXCHANGE_RATES, EVIDENCE,
    )
}  # fmt: skip
