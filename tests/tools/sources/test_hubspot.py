"""`--from hubspot`: browser exports, API names and loaders' tables, with their traps."""

# ruff: noqa: E501 — rows of exports are as long as they are

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from tools.errors import InputError
from tools.sources import read_source
from tools.sources.reading import ReadContext, Reading


def read(folder, zone="UTC") -> Reading:
    return read_source("hubspot", folder, ReadContext(zone=zone))


UI = """
    Record ID,Deal Name,Deal Stage,Pipeline,Deal owner,Amount,Close Date,Create Date,Deal probability,Forecast category,Deal Type
    11,Alpha,Closed won,Sales,Ann Lee,"$1,000.50",2026-03-31 23:30,2026-01-05 09:00,1,Commit,New Business
    12,Beta,Closed lost,Sales,Bo Ek (Deactivated User),500,2026-02-28 10:00,2026-01-06 09:00,0,Not forecasted,Existing Business
    13,Gamma,Contract sent,Sales,Ann Lee,700,2026-05-31 23:59,2026-01-07 09:00,0.9,Best case,
"""


def test_a_browser_export_is_read_by_its_labels(export):
    deals = read(export({"hubspot-crm-exports-all-deals-2026-04-01.csv": UI})).tables["deals"]
    assert deals["status"].tolist() == ["won", "lost", "open"]
    assert deals["amount"].tolist() == [1000.5, 500, 700]
    assert deals["owner"].tolist() == ["Ann Lee", "Bo Ek", "Ann Lee"]
    assert deals["forecast_category"].tolist() == ["commit", "omitted", "best_case"]
    assert deals["type"].tolist() == ["new", "expansion", None]


def test_the_one_close_date_is_promised_while_open_and_actual_once_closed(export):
    deals = read(export({"deals.csv": UI})).tables["deals"]
    assert deals["closed_on"].tolist() == [date(2026, 3, 31), date(2026, 2, 28), None]
    assert deals["expected_close_on"].tolist() == [None, None, date(2026, 5, 31)]


def test_browser_times_are_the_portals_and_interface_times_are_utc(export):
    ui = read(export({"deals.csv": UI}), zone="America/New_York").tables["deals"]
    assert ui["closed_on"].tolist()[0] == date(2026, 3, 31)
    api = "hs_object_id,dealname,dealstage,closedate\n11,Alpha,closedwon,2026-04-01T03:30:00Z\n12,B,closedwon,2026-04-01 03:30:00\n"
    deals = read(export({"deals.csv": api}), zone="America/New_York").tables["deals"]
    assert deals["closed_on"].tolist() == [date(2026, 3, 31), date(2026, 3, 31)]


LOADED = {
    "deal.csv": """
        deal_id,is_deleted,deal_pipeline_id,deal_pipeline_stage_id,owner_id,property_dealname,property_amount,property_closedate
        1,false,p1,s1,77,Alpha,10,2026-02-01 10:00:00
        2,false,p1,s2,77,Beta,20,2026-02-02 10:00:00
        3,false,p1,s3,88,Gamma,30,2026-06-30 10:00:00
        4,true,p1,s3,77,Gone,40,
        5,false,p1,s3,77,Merged away,50,
    """,
    "deal_pipeline_stage.csv": """
        stage_id,label,pipeline_id,display_order,probability,closed_won,is_closed
        s1,Signed,p1,2,1.0,TRUE,TRUE
        s2,Dropped,p1,3,0.0,FALSE,FALSE
        s3,Proposal,p1,1,0.6,FALSE,FALSE
    """,
    "deal_pipeline.csv": "pipeline_id,label,active\np1,New business,TRUE\n",
    "merged_deal.csv": "deal_id,merged_deal_id\n1,5\n",
    "owner.csv": "owner_id,email,first_name,last_name,active_user_id\n77,ann@example.org,Ann,Lee,901\n88,bo@example.org,Bo,Ek,\n",
    "owner_team.csv": "owner_id,team_id,is_team_primary\n77,t2,false\n77,t1,true\n",
    "team.csv": "id,name\nt1,North\nt2,South\n",
    "engagement_call.csv": "engagement_id,type,property_hs_timestamp,property_hubspot_owner_id,property_hs_call_duration\n9,CALL,2026-01-05 10:00:00,77,90000\n",
    "engagement_deal.csv": "engagement_id,deal_id,engagement_type\n9,1,CALL\n",
    "deal_property_history.csv": """
        deal_id,name,value,timestamp
        1,dealstage,s3,2026-01-01 10:00:00
        1,dealstage,s1,2026-02-01 10:00:00
        1,amount,8.00,2026-01-01 10:00:00
        1,amount,10,2026-01-20 10:00:00
        1,amount,10.0,2026-01-21 10:00:00
        1,hs_lastmodifieddate,x,2026-01-21 10:00:00
    """,
}


def test_lost_is_probability_nought_whatever_the_label(export):
    reading = read(export(LOADED))
    assert reading.tables["deals"]["status"].tolist() == ["won", "lost", "open"]
    assert reading.tables["stages"]["kind"].tolist() == ["won", "lost", "open"]
    assert reading.tables["deals"]["pipeline"].tolist() == ["New business"] * 3


def test_deleted_and_merged_deals_are_left_out_and_counted(export):
    report = read(export(LOADED)).report
    reasons = {note.reason: note.count for note in report.notes if note.kind == "left_out" and note.table == "deals"}
    assert reasons == {"merged into another deal": 1, "deleted in HubSpot": 1}
    assert "merged_deal.csv" not in report.unread_files


def test_owners_have_their_primary_team_and_deactivated_ones_stay(export):
    people = read(export(LOADED)).tables["people"]
    assert people["name"].tolist() == ["Ann Lee", "Bo Ek"]
    assert people["team"].tolist() == ["North", None]
    assert people["active"].tolist() == [True, False]


def test_an_activity_finds_its_deal_through_the_association(export):
    activities = read(export(LOADED)).tables["activities"]
    assert activities[["activity_id", "type", "deal", "owner", "minutes"]].iloc[0].tolist() == [
        "9",
        "call",
        "1",
        "77",
        1.5,
    ]


def test_property_history_becomes_changes_from_old_to_new(export):
    changes = read(export(LOADED)).tables["deal_changes"].sort_values(["field", "at"])
    assert changes[["field", "old", "new"]].to_numpy().tolist() == [
        ["amount", None, "8"],
        ["amount", "8", "10"],
        ["stage", None, "s3"],
        ["stage", "s3", "s1"],
    ]
    assert changes["at"].tolist()[-1] == pd.Timestamp("2026-02-01 10:00")


def test_another_kind_of_export_is_refused(export):
    with pytest.raises(InputError, match="looks like a Hubspot export"):
        read(export({"a.csv": "shoe,size\n1,2\n"}))
