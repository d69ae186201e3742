"""`--from salesforce`: reports, Data Export and loaders' tables, with their traps."""

# ruff: noqa: E501 — rows of exports are as long as they are

from __future__ import annotations

from datetime import date

import pytest

from tools.errors import InputError
from tools.sources import read_source
from tools.sources.reading import ReadContext, Reading


def read(folder, **context) -> Reading:
    return read_source("salesforce", folder, ReadContext(**context))


REPORT = """
    Opportunity Owner,Account Name,Opportunity Name,Stage,Probability (%),Close Date,Created Date,Amount Currency,Amount,Type,Forecast Category
    Ann Lee,Acme,Alpha,Closed Won,100,3/31/2026,1/15/2026,USD,"1,234.50",New Business,Closed
    Bo Ek,Beta AB,Beta,Closed Lost,0,2/28/2026,1/16/2026,EUR,900.00,Renewal,Omitted
    Ann Lee,Cetera,Gamma,Negotiation,80,6/30/2026,1/17/2026,USD,500.00,Add-On,Best Case

    Grand Totals (3 records)
    "Copyright (c) 2000-2026 salesforce.com, inc. All rights reserved."
"""


def test_a_report_without_ids_is_read_and_its_footer_left_out(export):
    reading = read(export({"report.csv": REPORT}))
    deals = reading.tables["deals"]
    assert deals["status"].tolist() == ["won", "lost", "open"]
    assert deals["amount"].tolist() == [1234.5, 900, 500]
    assert deals["currency"].tolist() == ["USD", "EUR", "USD"]
    assert deals["deal_id"].nunique() == 3
    assert deals["type"].tolist() == ["new", "renewal", "expansion"]
    assert reading.report.to_json()["tables"]["deals"]["left_out"] == 2


def test_close_date_is_a_day_and_created_date_an_instant(export):
    text = """
        Id,Name,StageName,CloseDate,CreatedDate,OwnerId,IsClosed,IsWon,IsDeleted,Probability
        006A00000000001AAA,Alpha,Closed Won,2026-03-31,2026-01-01T03:00:00.000Z,005A00000000001AAA,true,true,false,100
        006A00000000002AAA,Beta,Abandoned,2026-03-30,2026-01-02T15:00:00.000Z,005A00000000001AAA,true,false,false,0
        006A00000000003AAA,Gone,Closed Won,2026-03-29,2026-01-02T15:00:00.000Z,005A00000000001AAA,true,true,true,100
    """
    reading = read(export({"Opportunity.csv": text}), zone="America/New_York")
    deals = reading.tables["deals"]
    assert deals["closed_on"].tolist() == [date(2026, 3, 31), date(2026, 3, 30)]
    assert deals["created_on"].tolist() == [date(2025, 12, 31), date(2026, 1, 2)]
    assert deals["status"].tolist() == ["won", "lost"]
    assert [note.reason for note in reading.report.notes if note.kind == "left_out"] == ["deleted in Salesforce"]


def test_short_ids_meet_long_ones(export):
    files = {
        "report.csv": "Opportunity ID,Opportunity Name,Stage,Close Date\n006q000000Hddoh,A,Closed Won,2026-01-31\n",
        "OpportunityFieldHistory.csv": """
            OpportunityId,Field,OldValue,NewValue,CreatedDate,CreatedById
            006q000000HddohAAB,StageName,Proposal,Closed Won,2026-01-31T10:00:00Z,005q000000HddohAAB
            006q000000HddohAAB,created,,,2026-01-01T10:00:00Z,005q000000HddohAAB
        """,
    }
    reading = read(export(files))
    assert reading.tables["deals"]["deal_id"].tolist() == reading.tables["deal_changes"]["deal"].tolist()
    assert reading.tables["deal_changes"][["field", "old", "new"]].to_numpy().tolist() == [
        ["stage", "Proposal", "Closed Won"]
    ]


def test_a_close_date_that_the_history_contradicts_is_counted(export, notes_of):
    files = {
        "Opportunity.csv": "Id,Name,StageName,CloseDate,OwnerId,Amount\n006A,Alpha,Closed Won,2026-03-01,005A,5\n",
        "OpportunityFieldHistory.csv": """
            OpportunityId,Field,OldValue,NewValue,CreatedDate
            006A,StageName,Proposal,Closed Won,2026-04-15T10:00:00Z
        """,
    }
    reading = read(export(files))
    assert ("doubtful", "closed_on", 1) in notes_of(reading.report)
    assert reading.tables["deals"]["closed_on"].tolist() == [date(2026, 3, 1)]


def test_states_of_opportunity_history_become_changes(export):
    text = """
        Id,OpportunityId,CreatedDate,CreatedById,StageName,Amount,CloseDate,ForecastCategory,ExpectedRevenue
        a,006A00000000001AAA,2026-01-01T10:00:00Z,005x,Prospecting,100,2026-03-31,Pipeline,10
        b,006A00000000001AAA,2026-02-01T10:00:00Z,005x,Proposal,100.0,2026-04-30,Pipeline,50
        c,006A00000000001AAA,2026-02-02T10:00:00Z,005x,Proposal,100,2026-04-30,Pipeline,60
    """
    reading = read(export({"OpportunityHistory.csv": text}))
    later = reading.tables["deal_changes"].query("at >= '2026-02-01'").sort_values("field")
    assert later[["field", "old", "new"]].to_numpy().tolist() == [
        ["expected_close_on", "2026-03-31", "2026-04-30"],
        ["stage", "Prospecting", "Proposal"],
    ]
    count = reading.report.to_json()["tables"]["deal_changes"]
    assert (count["read"], count["imported"], count["left_out"], count["rows"]) == (3, 2, 1, 6)


def test_tasks_and_events_find_their_deal_kind_and_time(export):
    files = {
        "Task.csv": """
            Id,WhoId,WhatId,OwnerId,Subject,ActivityDate,Status,IsClosed,CompletedDateTime,TaskSubtype,CallDurationInSeconds
            00TA00000000001AAA,00QA00000000001AAA,006A00000000001AAA,005A,Call,2026-02-10,Completed,true,2026-02-09T10:00:00Z,Call,120
            00TA00000000002AAA,003A00000000001AAA,001A00000000001AAA,005A,To do,2026-02-11,Not Started,false,,Task,
        """,
        "Event.csv": """
            Id,WhatId,OwnerId,Subject,StartDateTime,EndDateTime,DurationInMinutes,IsChild,Type
            00UA00000000001AAA,006A00000000001AAA,005A,Demo,2026-02-12T10:00:00Z,2026-02-12T11:00:00Z,60,false,Demo
            00UA00000000002AAA,006A00000000001AAA,005B,Demo,2026-02-12T10:00:00Z,2026-02-12T11:00:00Z,60,true,Demo
        """,
    }
    activities = read(export(files)).tables["activities"].set_index("type")
    assert set(activities.index) == {"call", "task", "demo"}
    assert activities["deal"].tolist() == ["006A00000000001AAA", "006A00000000001AAA", None]
    assert activities.loc["call", "lead"] == "00QA00000000001AAA"
    assert activities.loc["task", "account"] == "001A00000000001AAA"
    assert str(activities.loc["call", "at"]) == "2026-02-09 10:00:00"
    assert activities.loc["task", "status"] == "scheduled"
    assert activities["minutes"].tolist()[:2] == [60, 2]


def test_quotas_and_forecasts_take_their_days_from_the_period(export):
    files = {
        "Period.csv": "Id,Type,StartDate,EndDate\n0F1,Quarter,2026-02-01,2026-04-30\n",
        "ForecastingQuota.csv": "Id,QuotaOwnerId,QuotaAmount,StartDate,PeriodId,ForecastingTypeId\nq,005A,1000,2026-02-01,0F1,t\n",
        "ForecastingItem.csv": """
            Id,OwnerId,PeriodId,ForecastingTypeId,ForecastingItemCategory,ForecastAmount,LastModifiedDate
            a,005A,0F1,t,CommitForecast,800,2026-02-20T10:00:00Z
            b,005A,0F1,t,CommitOnly,300,2026-02-20T10:00:00Z
            c,005A,0F1,u,CommitForecast,5,2026-02-20T10:00:00Z
        """,
    }
    reading = read(export(files))
    target, forecast = reading.tables["targets"].iloc[0], reading.tables["forecasts"].iloc[0]
    assert (target["metric"], target["end_on"], target["value"]) == ("quota", date(2026, 4, 30), 1000)
    assert (forecast["category"], forecast["start_on"], forecast["amount"]) == ("commit", date(2026, 2, 1), 800)
    assert reading.report.to_json()["tables"]["forecasts"]["left_out"] == 2


def test_users_have_manager_role_and_whether_they_are_active(export):
    files = {
        "User.csv": "Id,Username,Name,Email,IsActive,ManagerId,UserRoleId\n005A00000000001AAA,a@x.org,Ann,ann@x.org,true,005B,00E1\n005B,b@x.org,Bo,bo@x.org,false,,\n",
        "UserRole.csv": "Id,Name,DeveloperName,ParentRoleId\n00E1,North,North,\n",
    }
    people = read(export(files)).tables["people"]
    assert people["team"].tolist() == ["North", None]
    assert people["active"].tolist() == [True, False]
    assert people["manager"].tolist() == ["005B", None]


def test_lines_of_one_product_on_a_deal_stay_two_lines(export):
    text = "Id,OpportunityId,Product2Id,Quantity,TotalPrice\n1,006A,01tA,1,10\n2,006A,01tA,2,20\n"
    assert read(export({"OpportunityLineItem.csv": text})).tables["deal_lines"]["amount"].tolist() == [10, 20]


def test_another_kind_of_export_is_refused(export):
    with pytest.raises(InputError, match="looks like a Salesforce export"):
        read(export({"a.csv": "shoe,size\n1,2\n"}))
