"""Files into rows: what a spoilt CSV still tells, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools.errors import InputError, NotFound
from tools.sources.decoding import decode
from tools.sources.files import Sheet, parse_sheet, read_folder, read_sheet


def cells(sheet: Sheet) -> list[list[str]]:
    return sheet.frame.to_numpy().tolist()


def left_out(sheet: Sheet) -> int:
    return sum(spoilt.count for spoilt in sheet.spoilt if spoilt.kind == "left_out")


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found(delimiter: str):
    sheet = parse_sheet(f"id{delimiter}name\n1{delimiter}Acme\n", "x.csv")
    assert cells(sheet) == [["1", "Acme"]]


def test_excels_separator_line_is_obeyed():
    assert cells(parse_sheet("sep=;\na;b\n1,5;2\n", "x.csv")) == [["1,5", "2"]]


def test_line_breaks_inside_quotes_stay_in_their_cell():
    sheet = parse_sheet('id,text\n1,"two\nlines"\n2,one\n', "x.csv")
    assert cells(sheet) == [["1", "two\nlines"], ["2", "one"]]
    assert sheet.rows.tolist() == [2, 3]


def test_short_rows_are_filled_and_long_ones_left_out():
    sheet = parse_sheet("a,b,c\n1,2\n1,2,3\n1,2,3,4\n1,2,3,\n", "x.csv")
    assert cells(sheet) == [["1", "2", ""], ["1", "2", "3"], ["1", "2", "3"]]
    assert (sheet.read, left_out(sheet)) == (4, 1)
    assert {(spoilt.kind, spoilt.row) for spoilt in sheet.spoilt} == {("doubtful", 2), ("left_out", 4)}


def test_a_row_that_the_file_ends_in_is_left_out():
    sheet = parse_sheet("a,b,c\n1,2,3\n4,5", "x.csv")
    assert (cells(sheet), sheet.read, left_out(sheet)) == ([["1", "2", "3"]], 2, 1)


def test_a_file_that_ends_inside_quotes_loses_its_last_row_only():
    sheet = parse_sheet('a,b\n1,2\n3,"fo', "x.csv")
    assert (cells(sheet), sheet.read, left_out(sheet)) == ([["1", "2"]], 2, 1)


def test_a_stray_quote_does_not_swallow_the_rows_after_it():
    sheet = parse_sheet('a,b,c\n1,"Acme,open\n2,Beta,won\n3,"Gam, ma",lost\n', "x.csv")
    assert cells(sheet) == [["1", '"Acme', "open"], ["2", "Beta", "won"], ["3", "Gam, ma", "lost"]]
    assert sheet.read == 3


def test_a_quote_that_swallows_a_whole_file_is_refused():
    text = 'a,b\n1,"open\n' + "x\n" * 200
    with pytest.raises(InputError, match="quotation mark opened in row 2 is never closed"):
        parse_sheet(text, "x.csv")


def test_a_reports_footer_is_left_out():
    text = 'Stage,Amount,Owner\nWon,5,Ann\n\nGrand Totals (1 records)\n"Confidential Information - Do Not Distribute"\n'
    sheet = parse_sheet(text, "report.csv")
    assert (cells(sheet), sheet.read, left_out(sheet)) == ([["Won", "5", "Ann"]], 3, 2)


def test_title_lines_above_the_header_are_skipped():
    assert cells(parse_sheet("My report\n\nid,name,stage\n1,Acme,Won\n", "x.csv")) == [["1", "Acme", "Won"]]


def test_headers_are_unique_and_empty_columns_gone():
    sheet = parse_sheet(" id ,Amount,Amount,,\n1,2,3,,\n", "x.csv")
    assert list(sheet.frame.columns) == ["id", "Amount", "Amount (2)"]


def test_empty_rows_are_counted_and_blank_lines_are_no_rows():
    sheet = parse_sheet("a,b\n1,2\n\n,\n3,4\n", "x.csv")
    assert (len(sheet.frame), sheet.read, left_out(sheet)) == (2, 3, 1)


@pytest.mark.parametrize(
    ("text", "encoding", "named"),
    [
        ("naïve café", "utf-8-sig", "utf-8-sig"),
        ("naïve café", "utf-16", "utf-16"),
        ("naive cafe and more", "utf-16-le", "utf-16-le"),
        ("Müller, Café, Ærø", "cp1252", "cp1252"),
        ("Łódź, Kraków, Gdańsk, żółw", "cp1250", "cp1250"),
        ("Žižkov, Plzeň, Dvořák", "cp1250", "cp1250"),
        ("Łódź", "utf-8", "utf-8"),
    ],
)
def test_the_encoding_is_found(text: str, encoding: str, named: str):
    decoded = decode(text.encode(encoding), "x.csv")
    assert (decoded.content, decoded.encoding) == (text, named)


def test_a_few_spoilt_bytes_do_not_make_another_encoding():
    decoded = decode("é".encode() * 30 + b"\xff", "x.csv")
    assert (decoded.encoding, decoded.broken) == ("utf-8", 1)


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "empty"),
        (b"  \n\n", "empty"),
        (b"PK\x03\x04zip", "Excel workbook"),
        (b"%PDF-1.7", "PDF"),
        (b"<!DOCTYPE html><html>", "login page"),
        (b'{"a": 1}', "JSON"),
        (b"ab\x00\x01\x00\x02\x00" * 40, ""),
        (b"sep=;", "empty"),
    ],
)
def test_what_is_no_csv_is_refused_in_one_sentence(tmp_path: Path, data: bytes, says: str):
    file = tmp_path / "deals.csv"
    file.write_bytes(data)
    with pytest.raises(InputError, match=rf"^deals.csv .*{says}"):
        read_sheet(file, file.name)


def test_parquet_is_read_as_text(tmp_path: Path):
    import duckdb

    file = tmp_path / "deals.parquet"
    duckdb.sql(f"COPY (SELECT 7 AS id, DATE '2021-04-15' AS closed, NULL AS note) TO '{file}' (FORMAT parquet)")
    sheet = read_sheet(file, file.name)
    assert cells(sheet) == [["7", "2021-04-15", ""]]
    (tmp_path / "cut.parquet").write_bytes(file.read_bytes()[:60])
    with pytest.raises(InputError, match="damaged Parquet"):
        read_sheet(tmp_path / "cut.parquet", "cut.parquet")


def test_a_folder_names_what_it_does_not_read(tmp_path: Path):
    (tmp_path / "a.csv").write_text("x,y\n1,2\n")
    (tmp_path / "b.xlsx").write_bytes(b"PK\x03\x04")
    (tmp_path / ".hidden.csv").write_text("x")
    folder = read_folder(tmp_path)
    assert [sheet.name for sheet in folder.sheets] == ["a.csv"]
    assert folder.unread == {"b.xlsx": "a workbook: save its sheets as CSV"}
    with pytest.raises(NotFound, match="There is no"):
        read_folder(tmp_path / "nowhere")
