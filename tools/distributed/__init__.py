"""Past one machine: the same fact sheets from Spark, for an organisation that one machine cannot hold.

Wanted: the extra (`pip install 'salesbrief[spark]'`) here and on the workers, and Java 17 or newer. Nothing is shipped.

    from tools.distributed.build import build_all, fact_rows, sheet_rows
    from tools.distributed.session import start_session

    spark = start_session("local[4]")              # or any session of PySpark 4.1 and newer that is there already
    sheets = build_all(spark, Workspace.open(path), "2026-Q2", as_of=date(2026, 6, 30))

From a warehouse: read its tables into Spark frames with the canonical columns (`salesbrief schema tables` lists them;
what is not there is left out), and write what comes back without passing it through the driver.

    tables = {
        "people": spark.table("crm.people"),
        "deals": spark.sql("SELECT id AS deal_id, owner_id AS owner, stage, status, amount, … FROM crm.opportunities"),
        "deal_changes": spark.read.parquet("s3://…/opportunity_history"),
        "targets": spark.read.jdbc(url, "finance.quotas"),
    }
    rows = sheet_rows(spark, tables, None, "2026-Q2", as_of=date(2026, 6, 30), settings=read_settings(path))
    fact_rows(rows).write.mode("overwrite").saveAsTable("sales.facts")         # a row per person and metric
    rows.write.parquet("s3://…/sheets")                                        # or the sheets themselves, as JSON

A timestamp with a zone is an instant, whatever zone the session is in; one without (TIMESTAMP_NTZ) is taken as UTC.
Money becomes DECIMAL(18,4) before anything is added up.

How it is done: the definitions are not translated. Each task runs the ordinary engine (`tools.metrics`) over a part of
the organisation: people who report to the same managers, managers of managers and teams, groups of comparable people.

    1  one task works out, from the columns that it takes, what is made of everybody's records: who has any, how long
       deals usually stay in a stage, how often they are won from there                  (`given.Organisation`)
    2  every record goes to the parts of those who had a hand in it                      (`routing`, `packing`)
    3  groups of comparable people: their pooled figures, and how those are spread       (`given.Group`)
    4  people, managers and teams: their sheets, with the figures of their groups        (`part.fact_sheets`)

What bounds it: step 1, and whoever has all records below them (a head of sales, a group of everybody), take one task
each. Such a task keeps its rows in files and spills beyond `memory`: it takes time rather than memory. People,
accounts, stages, targets, forecasts, notes and other small tables go whole to every task.
"""
