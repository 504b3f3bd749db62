"""CDISC datasets: ADSL, ADLB and other ADaM values, ADRS, and SDTM DM, LB, VS, EX, CM, RS.

A study's datasets hold many tests, drugs and responses that no definition asks for. Those are listed with
their count as omitted and are no error; an unknown unit of a known test is one.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from openhlh.errors import WrongInput
from openhlh.patients.measuring import FLAGS, Said, is_nothing
from openhlh.patients.naming import Named, shown
from openhlh.patients.rows import Gathering, day_of
from openhlh.patients.tables import Table
from openhlh.patients.tabular import unique_rows
from openhlh.patients.values import course
from openhlh.patients.wide import fact_column
from openhlh.rules.facts import Given, Seen

_RESPONDED = {"CR", "PR"}
_DID_NOT_RESPOND = {"NR", "SD", "PD"}
_BEST_OVER_TIME = {"BOR", "CBOR", "BESTRESP"}
_UNIT_IN_PARAM = re.compile(r"^.*\(([^()]+)\)\s*$")
_CODE = re.compile(r"^[A-Z_][A-Z0-9_]{0,7}$")
_AGE_UNITS = {"YEARS": "a", "MONTHS": "mo", "WEEKS": "wk", "DAYS": "d"}
_REFERENCE_DAYS = ("TRTSDT", "RFSTDTC", "RFICDTC", "RANDDT")


@dataclass(frozen=True)
class _Row:
    """One row by its column names; columns that the dataset does not have are empty."""

    cells: dict[str, str]
    where: str
    into: Gathering

    def __getitem__(self, column: str) -> str:
        text = self.cells.get(column, "")
        return "" if is_nothing(text) else text

    def first(self, *columns: str) -> str:
        """Return the first of some cells that is not empty."""
        return next((self[one] for one in columns if self[one]), "")

    def day(self, *columns: str) -> date | None:
        """Return the day in the first of some cells that is not empty."""
        return day_of(self.first(*columns), f"{self.where}, {columns[0]}")


def is_cdisc(table: Table) -> bool:
    """Say whether a table is one of the datasets that are read."""
    reader = _reader(table) if table.has("USUBJID") else None
    if reader is _subject:  # ages stand in plain wide tables too
        return table.has("STUDYID") or table.has("DOMAIN")
    return reader is not None


def read_dataset(table: Table, into: Gathering) -> None:
    """Read one dataset; WrongInput with row and column for what cannot be used."""
    reader = _reader(table)
    if reader is None:
        into.omit(table.source, "the dataset", "it holds no facts that definitions ask for")
        return
    columns = [one.upper() for one in table.header]
    for at, header in enumerate(table.header if reader is _subject else ()):
        if fact_column(at, header, into):
            into.omit(f"{table.source}, column {at + 1}", shown(header), "facts are read from ADLB, LB or VS")
    for where, cells in unique_rows(table, into, collapse=True):
        with into.row(where):
            row = _Row(dict(zip(columns, cells, strict=True)), where, into)
            if not row["USUBJID"]:
                raise WrongInput("the row names no patient", where=where, remedy="fill in USUBJID")
            into.patient(row["USUBJID"])
            reader(row)


def _reader(table: Table) -> Callable[[_Row], None] | None:
    """Return the reader that a dataset needs, told by its columns; None for other datasets."""
    if table.has("PARAMCD"):
        if table.has("AVAL"):
            return _analysis_value
        return _response if table.has("AVALC") else None
    if table.has("RSTESTCD"):
        return _response
    for prefix in ("LB", "VS"):
        if table.has(f"{prefix}TESTCD"):
            return lambda row: _finding_domain(row, prefix)
    for prefix in ("EX", "CM"):
        if table.has(f"{prefix}TRT"):
            return lambda row: _intervention(row, prefix)
    if any(table.has(one) for one in ("AGE", "SEX", "BRTHDT", "BRTHDTC")):
        return _subject
    return None


def _subject(row: _Row) -> None:
    """ADSL and DM: age on the first day of treatment or of the study, birthday, sex."""
    person, into = row["USUBJID"], row.into
    reference = row.day(*_REFERENCE_DAYS)
    if row["AGE"]:
        unit = _AGE_UNITS.get(row["AGEU"].upper() or "YEARS")
        if unit is None:
            raise WrongInput("the unit of AGE is not known", where=row.where, remedy="use YEARS or DAYS")
        into.about(person, "age", f"{row['AGE']} {unit}", reference, f"{row.where}, AGE")
    into.about(person, "birth_date", row.first("BRTHDT", "BRTHDTC"), None, f"{row.where}, BRTHDT")
    into.about(person, "sex", row["SEX"], None, f"{row.where}, SEX")
    if start := row.day("TRTSDT"):
        into.told(person, f"treatment in the study began on {start.isoformat()}")


def _analysis_value(row: _Row) -> None:
    """ADaM values: the unit stands in AVALU or at the end of PARAM, a comparator in AVALC."""
    if _is_response(row, "PARAMCD", "AVALC"):
        _response(row)
        return
    named = _named(row, "PARAMCD")
    if named is None:
        return
    if row["DTYPE"]:
        row.into.omit_counted(
            row.where, f"derived rows of {named.id}", "DTYPE says that the value was not measured"
        )
        return
    text, unit = row.first("AVAL", "AVALC"), row["AVALU"]
    if row["AVALC"][:1] in ("<", ">"):
        text = row["AVALC"]
    in_name = _UNIT_IN_PARAM.match(row["PARAM"])
    said = Said(
        text,
        unit or (in_name[1] if in_name else ""),
        low=row["ANRLO"],
        high=row["ANRHI"],
        flag=_flag(row, "ANRIND"),
    )
    _measured(row, named, said, row.day("ADT", "ADTM"))


def _finding_domain(row: _Row, prefix: str) -> None:
    """SDTM LB and VS: the standardised result, or the original one where there is none."""
    named = _named(row, f"{prefix}TESTCD")
    if named is None:
        return
    text, unit = row.first(f"{prefix}STRESN", f"{prefix}STRESC"), row[f"{prefix}STRESU"]
    if row[f"{prefix}STRESC"][:1] in ("<", ">"):
        text = row[f"{prefix}STRESC"]
    if not text:
        text, unit = row[f"{prefix}ORRES"], row[f"{prefix}ORRESU"]
    said = Said(
        text,
        unit,
        low=row[f"{prefix}STNRLO"],
        high=row[f"{prefix}STNRHI"],
        flag=_flag(row, f"{prefix}NRIND"),
        status=row[f"{prefix}STAT"],
    )
    _measured(row, named, said, row.day(f"{prefix}DTC"))


def _measured(row: _Row, named: Named, said: Said, on: date | None) -> None:
    if named.kind != "analyte":
        row.into.omit_counted(row.where, f"rows of {named.id}", "it is not a measured quantity")
        return
    if on is None:
        raise WrongInput(
            f"this result of {named.id} has no day", where=row.where, remedy="fill in ADT or the date column"
        )
    row.into.measurement(row["USUBJID"], named.id, said, on, row.where)


def _named(row: _Row, column: str) -> Named | None:
    """Return what a code means; an unknown one is counted among the omitted."""
    code = row[column]
    named = row.into.how.names.find_code("cdisc", code) or row.into.how.names.find(code)
    if named is None:
        row.into.omit_counted(
            row.where, f"rows with {column} {_shown_code(code)}", "no definition asks for this code"
        )
    return named


def _shown_code(code: str) -> str:
    """Return a code where it has the form that CDISC gives codes; a cell may hold anything else."""
    return f"`{code}`" if _CODE.match(code) else "a cell that is no code"


def _flag(row: _Row, column: str) -> str:
    """Return the indicator where it says low, normal or high; others (ABNORMAL) say nothing here."""
    text = row[column]
    if text and text.casefold() not in FLAGS:
        row.into.omit_counted(row.where, f"indicators in {column}", "they say neither low, normal nor high")
        return ""
    return text


def _is_response(row: _Row, code: str, value: str) -> bool:
    answers = row[value].upper() in _RESPONDED | _DID_NOT_RESPOND
    return answers and row.into.how.names.find_code("cdisc", row[code]) is None


def _response(row: _Row) -> None:
    """ADRS and RS: a response as the study recorded it; the best one over time has no day of its own."""
    code, answer = row.first("PARAMCD", "RSTESTCD"), row.first("AVALC", "RSSTRESC", "RSORRES").upper()
    if code.upper() in _BEST_OVER_TIME or answer not in _RESPONDED | _DID_NOT_RESPOND:
        row.into.omit_counted(
            row.where, f"responses in {_shown_code(code)}", "no response on a day is recorded here"
        )
        return
    on = row.day("ADT", "RSDTC")
    if on is None:
        raise WrongInput("this response has no day", where=row.where, remedy="fill in ADT or RSDTC")
    responded = answer in _RESPONDED
    person = row["USUBJID"]
    row.into.fact(person, Seen("partial_response_or_better", responded, on, row.where))
    row.into.fact(person, Seen("no_response", not responded, on, row.where))


def _intervention(row: _Row, prefix: str) -> None:
    """SDTM EX and CM: a drug with its days; a dose of nought or OCCUR N says that it was not given."""
    name = row.first(f"{prefix}DECOD", f"{prefix}TRT")
    named = row.into.how.names.find(name)
    if named is None or named.kind != "exposure":
        row.into.omit_counted(row.where, f"rows of {prefix}", "the drug is not one that definitions ask for")
        return
    start = row.day(f"{prefix}STDTC", "ASTDT")
    end = row.day(f"{prefix}ENDTC", "AENDT")
    nought = re.fullmatch(r"0+(\.0*)?", row[f"{prefix}DOSE"])
    if row[f"{prefix}OCCUR"].upper() == "N" or nought:
        row.into.fact(row["USUBJID"], Given(named.id, start, end, given=False, row=row.where))
        return
    if start is None:
        raise WrongInput(f"{named.id} has no first day", where=row.where, remedy=f"fill in {prefix}STDTC")
    row.into.fact(row["USUBJID"], course(named.id, start, end, row.where))
