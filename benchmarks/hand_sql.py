"""HLH-2004 over an OMOP warehouse as SQL written by hand for DuckDB: what `hlh screen` is measured against.

It shares no line with the engine: limits, concepts and units are typed here again. One row of a fact table
says 3 (met), 2 (something was seen, but nothing follows) or 1 (not met); the highest speaks for the
admission, and null is "never seen". sCD25, natural killer cells and hemophagocytosis have no concept in
use and stay untested, as does a molecular diagnosis.
"""

from __future__ import annotations

from pathlib import Path

HEMOGLOBIN = "3000963, 3027484"
PLATELETS = "3024929, 3007461, 3031586"
NEUTROPHILS = "3013650, 3017732, 3017501"
LEUKOCYTES, NEUTROPHIL_PERCENT = "3000905", "3008342"
PER_LITRE, PER_MICROLITRE, PERCENT = "9444, 8848, 8961, 8816", "8647, 8784, 8785", "8554"
FERRITIN, TRIGLYCERIDES, FIBRINOGEN, TEMPERATURE = 3001122, 3022192, 3016407, 3020891
HIGH = f"{FERRITIN}, {TRIGLYCERIDES}, {TEMPERATURE}"
FEVER, SPLENOMEGALY, DEXAMETHASONE = 437663, 200527, 1518254
EXACT = "(m.operator_concept_id IS NULL OR m.operator_concept_id IN (0, 4172703))"

# the limit of a row in the unit in which it is reported; null where the unit is no known one or the value
# cannot be believed (NaN sorts above every number and so lies outside)
LIMIT = f"""CASE
      WHEN m.measurement_concept_id = {TEMPERATURE} THEN CASE
        WHEN m.unit_concept_id = 586323 AND m.value_as_number BETWEEN 25 AND 45 THEN 38.5
        WHEN m.unit_concept_id = 9289 AND m.value_as_number BETWEEN 77 AND 113 THEN 101.3 END
      WHEN m.measurement_concept_id IN ({HEMOGLOBIN}) THEN CASE
        WHEN m.unit_concept_id = 8713 AND m.value_as_number BETWEEN 1.5 AND 25 THEN 9
        WHEN m.unit_concept_id = 8753 AND m.value_as_number BETWEEN 15e0 / 16.1 AND 250e0 / 16.1
          THEN 90e0 / 16.1 END
      WHEN m.measurement_concept_id IN ({PLATELETS}) THEN CASE
        WHEN m.unit_concept_id IN ({PER_LITRE}) AND m.value_as_number BETWEEN 0 AND 3000 THEN 100
        WHEN m.unit_concept_id IN ({PER_MICROLITRE}) AND m.value_as_number BETWEEN 0 AND 3000000 THEN 100000
        END
      WHEN m.measurement_concept_id IN ({NEUTROPHILS}) THEN CASE
        WHEN m.unit_concept_id IN ({PER_LITRE}) AND m.value_as_number BETWEEN 0 AND 300 THEN 1
        WHEN m.unit_concept_id IN ({PER_MICROLITRE}) AND m.value_as_number BETWEEN 0 AND 300000 THEN 1000 END
      WHEN m.measurement_concept_id = {FERRITIN} THEN CASE
        WHEN m.unit_concept_id IN (8748, 8842) AND m.value_as_number BETWEEN 0 AND 2000000 THEN 500 END
      WHEN m.measurement_concept_id = {TRIGLYCERIDES} THEN CASE
        WHEN m.unit_concept_id = 8753 AND m.value_as_number BETWEEN 0.1 AND 60 THEN 3
        WHEN m.unit_concept_id = 8840 AND m.value_as_number BETWEEN 8.857 AND 5314.2 THEN 265 END
      WHEN m.measurement_concept_id = {FIBRINOGEN} THEN CASE
        WHEN m.unit_concept_id = 8840 AND m.value_as_number BETWEEN 5 AND 1500 THEN 150 END
    END"""
# on which side of its limit a row lies; "at most" (4171754) decides only where the bound itself does
SAID = f"""CASE
      WHEN bound IS NULL THEN 2
      WHEN exact THEN CASE
        WHEN concept IN ({HIGH}) THEN CASE WHEN value >= bound THEN 3 ELSE 1 END
        WHEN concept = {FIBRINOGEN} THEN CASE WHEN value <= bound THEN 3 ELSE 1 END
        WHEN value < bound THEN 3 ELSE 1 END
      WHEN operator <> 4171754 THEN 2
      WHEN concept IN ({HIGH}) THEN CASE WHEN value < bound THEN 1 ELSE 2 END
      WHEN concept = {FIBRINOGEN} THEN CASE WHEN value <= bound THEN 3 ELSE 2 END
      WHEN value < bound THEN 3 ELSE 2
    END"""


def whole_stay(folder: Path) -> str:
    """Return the SQL that judges each admission by everything recorded during it."""
    return _query(folder, None)


def first_days(folder: Path, days: int) -> str:
    """Return the SQL that judges each admission by its first days, the day of admission being the first."""
    return _query(folder, days)


def _table(folder: Path, name: str, date: str, days: int | None) -> str:
    """Return a fact table as m, in the window joined to the admissions."""
    source = f"read_parquet('{folder}/{name}.parquet') m"
    if days is None:
        return source
    return f"""{source} JOIN stays ON m.visit_occurrence_id = stays.visit
      AND m.{date} BETWEEN stays.start AND stays.start + {days - 1}"""


def _query(folder: Path, days: int | None) -> str:
    measurement = _table(folder, "measurement", "measurement_date", days)
    condition = _table(folder, "condition_occurrence", "condition_start_date", days)
    return f"""
WITH stays AS (
  SELECT visit_occurrence_id AS visit, person_id AS person, visit_start_date AS start
  FROM read_parquet('{folder}/visit_occurrence.parquet')),
held AS (
  SELECT m.visit_occurrence_id AS visit, m.measurement_concept_id AS concept, m.value_as_number AS value,
    m.operator_concept_id AS operator, {EXACT} AS exact, m.unit_concept_id AS unit, {LIMIT} AS bound
  FROM {measurement}
  WHERE m.measurement_concept_id IN ({TEMPERATURE}, {HEMOGLOBIN}, {PLATELETS}, {NEUTROPHILS}, {FERRITIN},
      {TRIGLYCERIDES}, {FIBRINOGEN})
    AND m.visit_occurrence_id IS NOT NULL AND m.value_as_number IS NOT NULL),
said AS (
  SELECT visit, concept, {SAID} AS said,
    bound IS NOT NULL AND (exact OR operator = 4171754)
      AND value < CASE unit WHEN 8713 THEN 10 ELSE 100e0 / 16.1 END AS low_for_newborn
  FROM held),
labs AS (
  SELECT visit,
    max(CASE WHEN concept = {TEMPERATURE} THEN said END) AS temperature,
    max(CASE WHEN concept IN ({HEMOGLOBIN}) THEN said END) AS hemoglobin,
    bool_or(low_for_newborn AND concept IN ({HEMOGLOBIN})) AS low_for_newborn,
    max(CASE WHEN concept IN ({PLATELETS}) THEN said END) AS platelets,
    max(CASE WHEN concept IN ({NEUTROPHILS}) THEN said END) AS neutrophils,
    max(CASE WHEN concept = {FERRITIN} THEN said END) AS ferritin,
    max(CASE WHEN concept = {TRIGLYCERIDES} THEN said END) AS triglycerides,
    max(CASE WHEN concept = {FIBRINOGEN} THEN said END) AS fibrinogen
  FROM said GROUP BY visit),
{_products(measurement)},
{_hidden(folder, measurement)},
seen AS (
  SELECT m.visit_occurrence_id AS visit, bool_or(m.condition_concept_id = {FEVER}) AS fever,
    bool_or(m.condition_concept_id = {SPLENOMEGALY}) AS splenomegaly
  FROM {condition}
  WHERE m.condition_concept_id IN ({FEVER}, {SPLENOMEGALY}) AND m.visit_occurrence_id IS NOT NULL
  GROUP BY m.visit_occurrence_id),
{_counted(folder)}
SELECT visit AS visit_occurrence_id,
  CASE WHEN lower >= 5 THEN 'met' WHEN upper < 5 THEN 'not_met' ELSE 'unknown' END AS verdict, lower, upper
FROM counted
"""  # noqa: S608 - the folder is the benchmark's own


def _products(measurement: str) -> str:
    """Return neutrophils as leukocytes times their percentage, on days without a measured count."""
    return f"""
parts AS (
  SELECT m.visit_occurrence_id AS visit, m.measurement_date AS day, m.measurement_concept_id AS concept,
    CASE WHEN m.measurement_concept_id IN ({NEUTROPHILS}) THEN 1
      WHEN NOT {EXACT} THEN NULL
      WHEN m.measurement_concept_id = {NEUTROPHIL_PERCENT}
        THEN CASE WHEN m.unit_concept_id = {PERCENT} AND m.value_as_number BETWEEN 0 AND 100
          THEN m.value_as_number END
      WHEN m.unit_concept_id IN ({PER_LITRE}) AND m.value_as_number BETWEEN 0 AND 1000
        THEN m.value_as_number
      WHEN m.unit_concept_id IN ({PER_MICROLITRE}) AND m.value_as_number BETWEEN 0 AND 1000000
        THEN m.value_as_number * 0.001 END AS value
  FROM {measurement}
  WHERE m.measurement_concept_id IN ({LEUKOCYTES}, {NEUTROPHIL_PERCENT}, {NEUTROPHILS})
    AND m.visit_occurrence_id IS NOT NULL AND m.value_as_number IS NOT NULL),
products AS (
  SELECT w.visit, max(CASE WHEN round(w.value * p.value * 0.01, 9) NOT BETWEEN 0 AND 300 THEN 2
    WHEN round(w.value * p.value * 0.01, 9) < 1 THEN 3 ELSE 1 END) AS said
  FROM parts w JOIN parts p ON p.visit = w.visit AND p.day = w.day
  ANTI JOIN (SELECT visit, day FROM parts WHERE concept IN ({NEUTROPHILS})) c
    ON c.visit = w.visit AND c.day = w.day
  WHERE w.concept = {LEUKOCYTES} AND p.concept = {NEUTROPHIL_PERCENT}
    AND w.value IS NOT NULL AND p.value IS NOT NULL
  GROUP BY w.visit)"""  # noqa: S608


def _hidden(folder: Path, measurement: str) -> str:
    """Return the admissions in which a temperature below the limit was taken under a steroid."""
    return f"""
hidden AS (
  SELECT DISTINCT m.visit_occurrence_id AS visit
  FROM {measurement} JOIN read_parquet('{folder}/drug_exposure.parquet') d
    ON d.visit_occurrence_id = m.visit_occurrence_id AND d.drug_concept_id = {DEXAMETHASONE}
    AND m.measurement_date BETWEEN d.drug_exposure_start_date
      AND coalesce(d.drug_exposure_end_date, d.drug_exposure_start_date) + 1
  WHERE m.measurement_concept_id = {TEMPERATURE} AND m.value_as_number IS NOT NULL)"""  # noqa: S608


def _counted(folder: Path) -> str:
    """Return the bounds: what is met counts for the lower, what is not met is missing from the upper."""
    return f"""
born AS (
  SELECT person_id AS person,
    make_date(year_of_birth, coalesce(month_of_birth, 1), coalesce(day_of_birth, 1)) AS earliest,
    CASE WHEN day_of_birth IS NOT NULL AND month_of_birth IS NOT NULL
      THEN make_date(year_of_birth, month_of_birth, day_of_birth)
      ELSE last_day(make_date(year_of_birth, coalesce(month_of_birth, 12), 1)) END AS latest
  FROM read_parquet('{folder}/person.parquet')),
lines AS (
  SELECT stays.visit, ferritin,
    CASE WHEN seen.fever THEN 3 WHEN temperature = 1 AND hidden.visit IS NOT NULL THEN 2
      ELSE temperature END AS fever,
    CASE WHEN seen.splenomegaly THEN 3 END AS splenomegaly,
    CASE WHEN low_for_newborn IS NOT TRUE OR start - earliest >= 28 AND start - latest >= 28 THEN hemoglobin
      WHEN start - earliest < 28 AND start - latest < 28 THEN 3
      ELSE greatest(hemoglobin, 2) END AS hemoglobin,
    platelets, greatest(neutrophils, products.said) AS neutrophils,
    CASE WHEN triglycerides = 3 OR fibrinogen = 3 THEN 3
      WHEN triglycerides = 1 AND fibrinogen = 1 THEN 1 END AS fat
  FROM stays LEFT JOIN born USING (person) LEFT JOIN labs ON labs.visit = stays.visit
    LEFT JOIN products ON products.visit = stays.visit LEFT JOIN hidden ON hidden.visit = stays.visit
    LEFT JOIN seen ON seen.visit = stays.visit),
bounded AS (
  SELECT visit, fever, splenomegaly, fat, ferritin, CASE
    WHEN coalesce(hemoglobin = 3, false)::INTEGER + coalesce(platelets = 3, false)::INTEGER
      + coalesce(neutrophils = 3, false)::INTEGER >= 2 THEN 3
    WHEN coalesce(hemoglobin = 1, false)::INTEGER + coalesce(platelets = 1, false)::INTEGER
      + coalesce(neutrophils = 1, false)::INTEGER >= 2 THEN 1 END AS cytopenia
  FROM lines),
counted AS (
  SELECT visit, coalesce(fever = 3, false)::INTEGER + coalesce(splenomegaly = 3, false)::INTEGER
      + coalesce(cytopenia = 3, false)::INTEGER + coalesce(fat = 3, false)::INTEGER
      + coalesce(ferritin = 3, false)::INTEGER AS lower,
    8 - coalesce(fever = 1, false)::INTEGER - coalesce(cytopenia = 1, false)::INTEGER
      - coalesce(fat = 1, false)::INTEGER - coalesce(ferritin = 1, false)::INTEGER AS upper
  FROM bounded)"""  # noqa: S608
