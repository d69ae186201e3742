"""Which parts a record goes to: those of everybody who had a hand in it, or in what it belongs to.

A deal and the leads that became it belong together, with their history, shares, lines and activities: whoever owned,
shared, worked or touched any of them gets all of them. A customer's contracts, renewals, usage and escalations belong
together in the same way; whoever looks after the customer gets those, and the customer's deals.

Spark only matches ids here. Which person or account a spelling names is asked of the database that has them (`names`),
for the few spellings that are no ids.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import reduce
from typing import TYPE_CHECKING

import pyarrow as pa

from tools.database import Database
from tools.distributed.packing import PARTS

if TYPE_CHECKING:
    from pyspark.sql import Column, DataFrame, SparkSession

# The tables that grow with the business. All others are needed whole by every part.
LARGE = (
    "deals", "deal_changes", "splits", "deal_lines", "activities", "leads", "subscriptions", "renewals", "usage",
    "escalations",
)  # fmt: skip
_ONE_TO_ONE = {"deals": "deal_id", "deal_changes": "deal", "splits": "deal", "deal_lines": "deal"}
_OWNERS = {"deals": "owner", "activities": "owner", "leads": "owner", "splits": "person", "subscriptions": "owner",
           "renewals": "owner"}  # fmt: skip
_OF_CUSTOMERS = ("subscriptions", "renewals", "usage", "escalations")

Frames = Mapping[str, "DataFrame"]


def routed(spark: SparkSession, frames: Frames, database: Database, parts: Mapping[str, tuple[int, ...]]) -> dict:
    """The frames with a column of the parts that each row goes to, without rows that go nowhere.

    `parts` are those of each person; `database` has the people and the accounts.
    """
    return _Routing(spark, frames, database, parts).frames()


class _Routing:
    def __init__(self, spark: SparkSession, frames: Frames, database: Database, parts: Mapping) -> None:
        from pyspark.sql import functions

        self._f = functions
        self._spark = spark
        self._frames = frames
        self._parts_of = self._people(database, parts)
        self._account_ids = self._accounts(database)
        self._cluster_of = self._lead_clusters()
        self._holders = self._customers(database)
        self._clusters = self._deals_and_leads()

    def frames(self) -> dict:
        """By table: its rows with their parts."""
        return {name: self._route(name, frame) for name, frame in self._frames.items()}

    def _route(self, name: str, frame: DataFrame) -> DataFrame:
        f = self._f
        if name in _ONE_TO_ONE:
            frame = self._with(frame, self._clusters, self._text(frame, _ONE_TO_ONE[name]), "by_deal")
            lists = ["by_deal"]
        elif name in ("activities", "leads"):
            deal, lead = self._text(frame, "deal"), self._text(frame, "lead" if name == "activities" else "lead_id")
            frame = self._with_cluster(frame, lead)
            frame = self._with(frame, self._clusters, deal, "by_deal")
            frame = self._with(frame, self._clusters, f.col("lead_cluster"), "by_lead").drop("lead_cluster")
            frame = self._with(frame, self._parts_of, self._text(frame, "owner"), "by_owner")
            lists = ["by_deal", "by_lead", "by_owner"]
        else:
            frame = self._with_account(frame)
            frame = self._with(frame, self._holders, f.col("account_ref"), "by_account").drop("account_ref")
            frame = self._with(frame, self._parts_of, self._text(frame, "owner"), "by_owner")
            lists = ["by_account", "by_owner"]
        nowhere = f.array().cast("array<int>")
        together = reduce(f.array_union, [f.coalesce(f.col(each), nowhere) for each in lists])
        return frame.withColumn(PARTS, together).drop(*lists).where(f.size(PARTS) > 0)

    def _people(self, database: Database, parts: Mapping[str, tuple[int, ...]]) -> DataFrame:
        """The parts of whoever a spelling names: key, parts."""
        ids = self._frame({"key": list(parts)}, "key string")
        spellings = [
            self._frames[name].select(self._text(self._frames[name], column).alias("key"))
            for name, column in _OWNERS.items() if name in self._frames
        ]  # fmt: skip
        if "deal_changes" in self._frames:
            owners = self._frames["deal_changes"].where("field = 'owner'")
            spellings += [owners.select(self._text(owners, side).alias("key")) for side in ("old", "new")]
        others = self._others(spellings, ids)
        named = {**{person: person for person in parts}, **names(database, "people", others)}
        return self._lists({key: parts[person] for key, person in named.items() if person in parts})

    def _accounts(self, database: Database) -> DataFrame | None:
        """The ids of accounts that are named otherwise: account_key, account_id_named; None where there are none."""
        if "accounts" not in database.present:
            return None
        ids = self._frame({"key": [row[0] for row in database.rows("SELECT account_id FROM accounts")]}, "key string")
        spellings = [
            frame.select(self._text(frame, "account").alias("key"))
            for name, frame in self._frames.items() if name in (*_OF_CUSTOMERS, "deals")
        ]  # fmt: skip
        named = names(database, "accounts", self._others(spellings, ids))
        if not named:
            return None
        columns = {"account_key": list(named), "account_id_named": list(named.values())}
        return self._f.broadcast(self._frame(columns, "account_key string, account_id_named string"))

    def _others(self, spellings: Iterable[DataFrame], ids: DataFrame) -> list[str]:
        """The spellings that are no ids."""
        spelled = [each.where("key IS NOT NULL").distinct() for each in spellings]
        if not spelled:
            return []
        together = reduce(lambda one, other: one.unionByName(other), spelled).distinct()
        return [row["key"] for row in together.join(self._f.broadcast(ids), "key", "left_anti").collect()]

    def _lead_clusters(self) -> DataFrame | None:
        """The deal that each lead became: lead_key, cluster."""
        if "leads" not in self._frames:
            return None
        leads = self._frames["leads"]
        return leads.select(
            self._text(leads, "lead_id").alias("lead_key"), self._text(leads, "deal").alias("cluster")
        ).where("cluster IS NOT NULL")

    def _with_cluster(self, frame: DataFrame, lead: Column) -> DataFrame:
        """The frame with `lead_cluster`: the deal that its lead became, else a name for the lead alone."""
        f = self._f
        alone = f.concat(f.lit("lead "), lead)
        if self._cluster_of is None:
            return frame.withColumn("lead_cluster", alone)
        joined = frame.withColumn("lead_key", lead).join(self._cluster_of, "lead_key", "left")
        return joined.withColumn("lead_cluster", f.coalesce(f.col("cluster"), alone)).drop("cluster", "lead_key")

    def _with_account(self, frame: DataFrame) -> DataFrame:
        """The frame with `account_ref`: the id of its account."""
        account = self._text(frame, "account")
        if self._account_ids is None:
            return frame.withColumn("account_ref", account)
        joined = frame.withColumn("account_key", account).join(self._account_ids, "account_key", "left")
        known = self._f.coalesce(self._f.col("account_id_named"), self._f.col("account_key"))
        return joined.withColumn("account_ref", known).drop("account_id_named", "account_key")

    def _customers(self, database: Database) -> DataFrame:
        """The parts of those who look after a customer: key, parts."""
        owned = database.rows("SELECT account_id, owner FROM accounts WHERE owner IS NOT NULL")
        links = [self._frame({"key": [row[0] for row in owned], "who": [row[1] for row in owned]},
                             "key string, who string")]  # fmt: skip
        for name in ("subscriptions", "renewals"):
            if name in self._frames:
                frame = self._with_account(self._frames[name])
                links.append(
                    frame.select(self._f.col("account_ref").alias("key"), self._text(frame, "owner").alias("who"))
                )
        return self._gathered(links)

    def _deals_and_leads(self) -> DataFrame:
        """The parts of those who had a hand in a deal or lead: key, parts."""
        f, frames, links = self._f, self._frames, []
        for name, column in (("deals", "deal_id"), ("splits", "deal"), ("activities", "deal")):
            if name in frames:
                frame = frames[name]
                links.append(
                    frame.select(self._text(frame, column).alias("key"), self._text(frame, _OWNERS[name]).alias("who"))
                )
        if "deal_changes" in frames:
            owners = frames["deal_changes"].where("field = 'owner'")
            for side in ("old", "new"):
                links.append(
                    owners.select(self._text(owners, "deal").alias("key"), self._text(owners, side).alias("who"))
                )
        for name, column in (("leads", "lead_id"), ("activities", "lead")):
            if name in frames:
                frame = self._with_cluster(frames[name], self._text(frames[name], column))
                links.append(frame.select(f.col("lead_cluster").alias("key"), self._text(frame, "owner").alias("who")))
        lists = [self._gathered(links)]
        if "deal_lines" in frames and "subscriptions" in frames and "deals" in frames:
            # What a customer bought counts for whoever looks after the customer.
            deals = self._with_account(frames["deals"])
            sold = self._with(deals, self._holders, f.col("account_ref"), "parts")
            lists.append(sold.select(self._text(deals, "deal_id").alias("key"), "parts"))
        if len(lists) == 1:
            return lists[0]
        together = lists[0].unionByName(lists[1]).select("key", f.explode("parts").alias("part"))
        return together.groupBy("key").agg(f.collect_set("part").alias("parts"))

    def _gathered(self, links: list[DataFrame]) -> DataFrame:
        """From whoever had a hand in what (key, who) to the parts of each key."""
        f = self._f
        if not links:
            return self._lists({})
        together = reduce(lambda one, other: one.unionByName(other), links).where("key IS NOT NULL").distinct()
        known = self._parts_of.withColumnRenamed("key", "who")
        placed = together.join(known, "who").select("key", f.explode("parts").alias("part"))
        return placed.groupBy("key").agg(f.collect_set("part").alias("parts"))

    def _with(self, frame: DataFrame, lists: DataFrame, key: Column, name: str) -> DataFrame:
        """The frame with the list of parts that belongs to a key of its own."""
        f = self._f
        named = lists.select(f.col("key").alias("own_key"), f.col("parts").alias(name))
        # Rows without a key find nothing, and are not all sent to one task for it.
        without = f.concat(f.lit("without "), self._text(frame, frame.columns[0]))
        return frame.withColumn("own_key", f.coalesce(key, without)).join(named, "own_key", "left").drop("own_key")

    def _lists(self, parts: Mapping[str, tuple[int, ...]]) -> DataFrame:
        columns = {"key": list(parts), "parts": [list(each) for each in parts.values()]}
        return self._f.broadcast(self._frame(columns, "key string, parts array<int>"))

    def _frame(self, columns: Mapping[str, list], schema: str) -> DataFrame:
        types = {"string": pa.string(), "array<int>": pa.list_(pa.int32())}
        fields = [tuple(each.split(" ")) for each in schema.split(", ")]
        return self._spark.createDataFrame(
            pa.table({name: pa.array(columns[name], types[kind]) for name, kind in fields}), schema
        )

    def _text(self, frame: DataFrame, column: str) -> Column:
        """A column as text; NULL where the frame has none of that name."""
        found = self._f.col(column) if column in frame.columns else self._f.lit(None)
        return found.cast("string")


def names(database: Database, table: str, spellings: list[str]) -> dict[str, str]:
    """Which row of people or accounts each spelling names, by the database's own rule; others are left out."""
    return dict(
        database.rows(
            f"SELECT s.spelling, k.id FROM (SELECT unnest(?::VARCHAR[]) AS spelling) s "
            f"JOIN {table}_keys k ON k.key = lower(trim(s.spelling))",
            [spellings],
        )
    )
