"""Fourteen admissions in OMOP CDM 5.4 and the verdicts of HLH-2004 on them, worked out by hand."""

from datetime import date, timedelta

import pyarrow as pa
import pyarrow.parquet as pq

START = date(2024, 1, 1)
FERRITIN, TRIGLYCERIDES, FIBRINOGEN, HEMOGLOBIN = 3001122, 3022192, 3016407, 3000963
PLATELETS, NEUTROPHILS, PERCENT, LEUKOCYTES, TEMPERATURE = 3024929, 3013650, 3008342, 3000905, 3020891
UG_L, NG_ML, MMOL_L, MG_DL, G_DL, E9_L, E3_UL = 8748, 8842, 8753, 8840, 8713, 9444, 8848
PERCENT_UNIT, CEL, DEGF = 8554, 586323, 9289
EQUAL, AT_MOST, OTHER_BOUND = 4172703, 4171754, 4172704
SPLENOMEGALY, DEXAMETHASONE = 200527, 1518254

# a day counts from 1, the day of admission
_FIVE = [
    (TEMPERATURE, 101.3, DEGF, 1),  # exactly 38.5 Cel
    (PLATELETS, 99, E3_UL, 1),
    (HEMOGLOBIN, 8.9, G_DL, 3),
    (TRIGLYCERIDES, 265, MG_DL, 4),  # the limit as printed, although 3.0 mmol/L are 265.7 mg/dL
]
_NORMAL = [
    (PLATELETS, 200, E9_L, 1),
    (HEMOGLOBIN, 12.0, G_DL, 1),
    (NEUTROPHILS, 3.0, E9_L, 1),
    (TRIGLYCERIDES, 1.0, MMOL_L, 1),
    (FIBRINOGEN, 300, MG_DL, 1),
]
_ILL = [
    (TEMPERATURE, 39.0, CEL, 1),
    (PLATELETS, 50, E9_L, 1),
    (HEMOGLOBIN, 7.0, G_DL, 1),
    (TRIGLYCERIDES, 3.0, MMOL_L, 1),
]
MEASURED = {
    1: [*_FIVE, (FERRITIN, 500, UG_L, 2), (FERRITIN, 499, UG_L, 1), (FERRITIN, 500, NG_ML, 9)],
    2: [*_FIVE, (FERRITIN, 499, UG_L, 2)],
    3: [*_NORMAL, (TEMPERATURE, 37.0, CEL, 1), (FERRITIN, 100, NG_ML, 1)],
    4: [*_ILL, (FERRITIN, 9000, None, 2), (FERRITIN, 9000, 0, 3)],
    5: [*_NORMAL, (TEMPERATURE, 37.0, CEL, 1), (FERRITIN, 40000, UG_L, 1, OTHER_BOUND)],
    6: [*_NORMAL, (TEMPERATURE, 37.0, CEL, 1, EQUAL), (FERRITIN, 400, UG_L, 1, AT_MOST)],
    7: [
        (FERRITIN, float("nan"), UG_L, 1), (FERRITIN, None, UG_L, 1), (FERRITIN, 1e12, UG_L, 1),
        (PLATELETS, 45000, E9_L, 1), (HEMOGLOBIN, 900, G_DL, 1), (TRIGLYCERIDES, -5, MMOL_L, 1),
        (TEMPERATURE, 385, CEL, 1),
    ],
    8: [*_NORMAL, (TEMPERATURE, 37.0, CEL, 4), (FERRITIN, 100, NG_ML, 1)],
    9: [*_NORMAL, (TEMPERATURE, 37.0, CEL, 5), (FERRITIN, 100, NG_ML, 1)],
    10: [
        (TEMPERATURE, 38.5, CEL, 1), (FERRITIN, 500, NG_ML, 1), (FIBRINOGEN, 150, MG_DL, 1),
        (PLATELETS, 99, E9_L, 1), (LEUKOCYTES, 5.0, E9_L, 2), (PERCENT, 19, PERCENT_UNIT, 2),  # 0.95
        (PERCENT, 60, PERCENT_UNIT, 3),
    ],
    11: [(HEMOGLOBIN, 9.9, G_DL, 1), (PLATELETS, 99, E9_L, 1)],
    12: [(HEMOGLOBIN, 9.9, G_DL, 1), (PLATELETS, 99, E9_L, 1)],
    13: [],
    14: [
        (TEMPERATURE, 38.6, CEL, 1), (PLATELETS, 20, E9_L, 2), (HEMOGLOBIN, 6.0, G_DL, 2),
        (TRIGLYCERIDES, 4.0, MMOL_L, 3), (FERRITIN, 9000, UG_L, 16),
    ],
}  # fmt: skip
_SPLEEN = (1, 2, 4, 10, 14)
_BORN = {11: (2024, 1, 1), 12: (2024, 1, 1)}
_STARTS = {11: date(2024, 1, 28), 12: date(2024, 1, 29)}  # 27 and 28 days old

_DAY = {number: START + timedelta(days=number - 1) for number in range(1, 21)}
# verdict, met, possible, day of the fifth item. HLH-2004 has 8 items; marrow, NK activity and soluble CD25 are
# recorded for nobody, so that they alone leave 3 open
DEFAULT = {
    1: ("met", 5, 8, _DAY[4]),  # fever, spleen, cytopenia, triglycerides, ferritin
    2: ("unknown", 4, 7, None),
    3: ("not_met", 0, 4, None),  # only the spleen is open beside the three
    4: ("unknown", 4, 8, None),  # ferritin has no unit
    5: ("unknown", 0, 5, None),  # ferritin is a bound of unknown direction
    6: ("not_met", 0, 4, None),  # ferritin is at most 400
    7: ("unknown", 0, 8, None),  # nothing is believable
    8: ("unknown", 0, 5, None),  # 37.0 on the day after dexamethasone
    9: ("not_met", 0, 4, None),  # 37.0 two days after it
    10: ("met", 5, 8, _DAY[2]),  # neutrophils of 0.95 follow from leukocytes and percent on day 2
    11: ("unknown", 1, 8, None),
    12: ("unknown", 0, 8, None),
    13: ("unknown", 0, 8, None),
    14: ("met", 5, 8, _DAY[16]),
}
WITH_UNIT = DEFAULT | {4: ("met", 5, 8, _DAY[2])}
EVIDENCE = {
    1: {
        "ferritin_value": 500.0, "ferritin_day": _DAY[2], "hemoglobin_value": 89.0, "hemoglobin_day": _DAY[3],
        "temperature_value": 38.5, "temperature_day": _DAY[1], "platelets_value": 99.0,
    },
    3: {"fibrinogen_value": 3.0, "neutrophils_value": 3.0, "triglycerides_value": 1.0, "scd25_value": None},
    4: {"ferritin_value": None, "ferritin_day": None, "triglycerides_value": 3.0},
    7: {"ferritin_value": None, "platelets_value": None, "hemoglobin_value": None, "temperature_value": None},
    14: {"ferritin_value": 9000.0, "ferritin_day": _DAY[16]},
}  # fmt: skip


def _visits():
    return [
        {
            "visit_occurrence_id": visit, "person_id": 100 + visit, "visit_concept_id": 9201,
            "visit_start_date": _STARTS.get(visit, START),
            "visit_end_date": _STARTS.get(visit, START) + timedelta(days=19),
        }
        for visit in MEASURED
    ]  # fmt: skip


def _people():
    born = {visit: _BORN.get(visit, (1980, 5, 5)) for visit in MEASURED}
    return [
        {
            "person_id": 100 + visit,
            "year_of_birth": y,
            "month_of_birth": m,
            "day_of_birth": d,
            "gender_concept_id": 0,
        }
        for visit, (y, m, d) in born.items()
    ]


def _measurements():
    listed = [(visit, *row) for visit, rows in MEASURED.items() for row in rows]
    listed += [(None, FERRITIN, 9000, UG_L, 1), (None, PLATELETS, 10, E9_L, 1), (None, 123456, 1, UG_L, 1)]
    return [
        {
            "measurement_id": number, "person_id": 100 + (visit or 13), "visit_occurrence_id": visit,
            "measurement_concept_id": code, "value_as_number": value, "unit_concept_id": unit,
            "measurement_date": _STARTS.get(visit, START) + timedelta(days=day - 1),
            "operator_concept_id": operator[0] if operator else None,
        }
        for number, (visit, code, value, unit, day, *operator) in enumerate(listed)
    ]  # fmt: skip


def _conditions():
    return [
        {
            "condition_occurrence_id": number, "person_id": 100 + (visit or 13), "visit_occurrence_id": visit,
            "condition_concept_id": SPLENOMEGALY, "condition_start_date": START,
        }
        for number, visit in enumerate((*_SPLEEN, None))
    ]  # fmt: skip


def _drugs():
    return [
        {
            "drug_exposure_id": number, "person_id": 100 + (visit or 13), "visit_occurrence_id": visit,
            "drug_concept_id": DEXAMETHASONE, "drug_exposure_start_date": START,
            "drug_exposure_end_date": _DAY[3],
        }
        for number, visit in enumerate((8, 9, None))
    ]  # fmt: skip


INTEGERS = {"value_as_number": pa.float64()}
TABLES = {
    "person": _people(),
    "visit_occurrence": _visits(),
    "measurement": _measurements(),
    "condition_occurrence": _conditions(),
    "drug_exposure": _drugs(),
}


def table(name):
    """Return a table of the warehouse, every id as a 64-bit integer."""
    rows = TABLES[name]
    kinds = {
        column: pa.date32() if column.endswith("_date") else INTEGERS.get(column, pa.int64())
        for column in rows[0]
    }
    return pa.Table.from_pylist(rows, schema=pa.schema(list(kinds.items())))


def write_folder(folder, columns=None):
    """Write the warehouse as a folder of Parquet, only some tables and columns where they are named."""
    folder.mkdir()
    for name in columns or TABLES:
        made = table(name).select(columns[name]) if columns else table(name)
        pq.write_table(made, folder / f"{name}.parquet")
    return folder
