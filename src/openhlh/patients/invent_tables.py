"""The tables of the invented warehouse as SQL over `visits` and `rungs`.

`draw(of_what, row)` is a hash of 64 bits, `bits(number, start)` sixteen of them as a number below 65536.
What was planted in an admission stands in its state columns: 2 met, 1 not met, 0 untested, null: anything.
"""

from __future__ import annotations

VISITS = """
CREATE TABLE visits AS
WITH numbered AS (
  SELECT CAST(range AS INTEGER) AS visit, CAST(range - CAST(range % 5 = 0 AS INTEGER) AS INTEGER) AS person,
    draw('visit', range) AS v, draw('state', range) AS s, draw('other state', range) AS o
  FROM range(1, $admissions + 1)),
planned AS (
  SELECT *, visit % 5 BETWEEN 1 AND 3 AND bits(v, 0) % 1000 < 10 AS planted, draw('person', person) AS p
  FROM numbered),
dated AS (
  SELECT *, DATE '2015-01-01' + bits(p, 0) % 3000 AS first_start,
    bits(p, 16) < 1000 AND NOT planted AS newborn
  FROM planned)
SELECT visit, person, planted, CAST(visit AS BIGINT) * ($longest * 14) AS first_row,
  first_start + CASE WHEN visit % 5 = 0 THEN 60 + bits(v, 16) % 300 ELSE 0 END AS start,
  1 + CAST(floor(40 * pow(bits(v, 48) / 65536, 3)) AS INTEGER) AS stay,
  1 + bits(v, 32) % $longest AS draws,
  NOT planted AND bits(s, 0) < 18000 AS septic, bits(s, 16) < 32768 AS percent_only, bits(s, 32) AS units,
  first_start - CASE WHEN newborn THEN bits(p, 32) % 40 ELSE 400 + bits(p, 32) % 32000 END AS born,
  bits(p, 48) % 10 AS birthday, bits(p, 8) % 2 AS sex,
  CASE WHEN planted THEN CASE WHEN bits(s, 48) < 52000 THEN 2 ELSE bits(s, 48) % 2 END END AS fever,
  CASE WHEN planted THEN CASE WHEN bits(o, 0) < 52000 THEN 2 ELSE 0 END END AS spleen,
  CASE WHEN planted THEN CASE WHEN bits(o, 16) < 52000 THEN 2 ELSE bits(o, 16) % 2 END END AS cytopenia,
  CASE WHEN planted THEN CASE WHEN bits(o, 32) < 52000 THEN 2 ELSE bits(o, 32) % 2 END END AS fat,
  CASE WHEN planted THEN CASE WHEN bits(o, 48) < 52000 THEN 2 ELSE bits(o, 48) % 2 END END AS ferritin
FROM dated ORDER BY visit
"""

_PERSON = """
SELECT person AS person_id, CASE WHEN sex = 0 THEN 8507 ELSE 8532 END AS gender_concept_id,
  year(born) AS year_of_birth, CASE WHEN birthday > 0 THEN month(born) END AS month_of_birth,
  CASE WHEN birthday > 1 THEN day(born) END AS day_of_birth,
  CASE WHEN birthday > 5 THEN born END AS birth_datetime, 0 AS race_concept_id, 0 AS ethnicity_concept_id,
  'invented-' || lpad(CAST(person AS VARCHAR), 6, '0') AS person_source_value
FROM visits WHERE visit = person ORDER BY person
"""
_OBSERVATION_PERIOD = """
SELECT person AS observation_period_id, person AS person_id, min(start) AS observation_period_start_date,
  max(start + stay - 1) AS observation_period_end_date, 32817 AS period_type_concept_id
FROM visits GROUP BY person ORDER BY person
"""
_VISIT_OCCURRENCE = """
SELECT visit AS visit_occurrence_id, person AS person_id, 9201 AS visit_concept_id, start AS visit_start_date,
  start AS visit_start_datetime, start + stay - 1 AS visit_end_date, 32817 AS visit_type_concept_id,
  'invented admission' AS visit_source_value, CASE WHEN visit <> person THEN person END
    AS preceding_visit_occurrence_id
FROM visits ORDER BY visit
"""
# slots 0 to 7 of a blood draw are measured tests, 8 to 13 others, 14 is the percentage of neutrophils; the
# slots turn from draw to draw. A tested line that was planted as met is met in the first draw.
_MEASUREMENT = """
WITH rows AS (SELECT *, unnest(range(draws * 14)) AS i FROM visits),
drawn AS (
  SELECT *, CAST(i // 14 AS INTEGER) AS panel, draw('row', first_row + i) AS r,
    draw('panel', first_row + i // 14) AS q
  FROM rows),
placed AS (SELECT *, CAST((i + bits(q, 0)) % 14 AS INTEGER) AS place FROM drawn),
tested AS (
  SELECT *, CASE
    WHEN place IN (0, 1) AND cytopenia = 0 THEN 8 + place
    WHEN place = 3 THEN CASE WHEN cytopenia = 0 THEN 11 WHEN percent_only THEN 14 ELSE 3 END
    WHEN place = 4 AND fever = 0 THEN 12
    WHEN place = 5 AND (ferritin = 0 OR NOT ((planted AND panel = 0) OR bits(r, 0) < 16000)) THEN 13
    WHEN place = 6 AND (fat = 0 OR NOT ((planted AND panel = 0) OR bits(r, 0) < 13000)) THEN 8
    WHEN place = 7 AND (fat = 0 OR NOT ((planted AND panel = 0) OR bits(r, 0) < 19000)) THEN 9
    ELSE place END AS slot,
    CAST((units + place + CAST(bits(q, 32) % 20 = 0 AS INTEGER)) % 4 AS INTEGER) AS variant,
    bits(CASE WHEN place IN (2, 3) THEN q ELSE r END, 16) AS illness,
    CASE WHEN planted THEN 65535 ELSE bits(r, 48) END AS slip
  FROM placed),
judged AS (
  SELECT *, CASE
    CASE WHEN slot = 4 THEN fever WHEN slot IN (0, 1, 2, 3, 14) THEN cytopenia WHEN slot = 5 THEN ferritin
      WHEN slot IN (6, 7) THEN fat END
    WHEN 2 THEN (panel = 0 AND slot IN (0, 1, 4, 5, 6)) OR illness < 32768
    WHEN 1 THEN false
    ELSE illness < CASE WHEN septic THEN 16000 ELSE 1300 END END AS sick
  FROM tested),
stepped AS (
  SELECT judged.*, test, concept, unit, unit_text,
    CASE WHEN sick THEN spread_met ELSE spread_not_met END AS spread,
    CAST(CASE WHEN bits(r, 32) < 6554 THEN 0 WHEN bits(r, 32) < 9830 THEN 1
      ELSE floor(spread * pow((bits(r, 32) - 9830) / 55706, 2)) END AS BIGINT) AS distance,
    met, not_met, upward, lowest, highest, scale
  FROM judged JOIN rungs USING (slot, variant)),
valued AS (
  SELECT *, least(greatest(CASE WHEN sick THEN met + upward * distance ELSE not_met - upward * distance END,
    lowest), highest) / scale AS value
  FROM stepped)
SELECT first_row + i AS measurement_id, person AS person_id, concept AS measurement_concept_id,
  start + CASE WHEN panel = 0 THEN 0 ELSE bits(q, 48) % stay END AS measurement_date,
  measurement_date + to_hours(bits(q, 0) % 24) AS measurement_datetime, 32817 AS measurement_type_concept_id,
  CASE WHEN slip BETWEEN 656 AND 786 THEN 4172703 WHEN slip BETWEEN 787 AND 917 THEN 4171754
    WHEN slip BETWEEN 918 AND 982 THEN 4172704 END AS operator_concept_id,
  CASE WHEN slip BETWEEN 983 AND 1048 THEN 'nan'::DOUBLE WHEN slip BETWEEN 1049 AND 1113 THEN value * 1000
    WHEN slip BETWEEN 1114 AND 1441 THEN NULL ELSE value END AS value_as_number,
  CASE WHEN slip < 328 THEN NULL WHEN slip < 656 THEN 0 ELSE unit END AS unit_concept_id,
  CASE WHEN slip NOT BETWEEN 1442 AND 1572 THEN visit END AS visit_occurrence_id,
  test AS measurement_source_value, CASE WHEN slip >= 328 THEN unit_text END AS unit_source_value,
  CASE WHEN slip BETWEEN 918 AND 982 THEN '>' || value END AS value_source_value
FROM valued
"""
_CONDITION_OCCURRENCE = """
WITH drawn AS (SELECT *, draw('condition', visit) AS c FROM visits),
found AS (
  SELECT *, 437663 AS concept, 'fever' AS called FROM drawn
  WHERE CASE WHEN planted THEN fever = 2 AND bits(c, 0) < 32768
    ELSE bits(c, 0) < CASE WHEN septic THEN 13000 ELSE 1300 END END
  UNION ALL SELECT *, 200527, 'splenomegaly' FROM drawn
  WHERE CASE WHEN planted THEN spleen = 2 ELSE bits(c, 16) < CASE WHEN septic THEN 2000 ELSE 330 END END
  UNION ALL SELECT *, 4121123, 'hemophagocytic lymphohistiocytosis' FROM drawn
  WHERE planted AND least(fever, spleen, cytopenia, fat, ferritin) = 2)
SELECT row_number() OVER (ORDER BY visit, concept) AS condition_occurrence_id, person AS person_id,
  concept AS condition_concept_id,
  start + CASE WHEN planted THEN 0 ELSE bits(c, 32) % stay END AS condition_start_date,
  start + stay - 1 AS condition_end_date, 32817 AS condition_type_concept_id, visit AS visit_occurrence_id,
  called AS condition_source_value
FROM found ORDER BY visit, concept
"""
# a steroid could hide that a temperature below the limit says nothing: none where "no fever" was planted
_DRUG_EXPOSURE = """
WITH drawn AS (SELECT *, draw('drug', visit) AS d FROM visits),
found AS (
  SELECT *, 1518254 AS concept, 'dexamethasone' AS called FROM drawn
  WHERE CASE WHEN planted THEN fever <> 1 AND bits(d, 0) < 32768
    ELSE bits(d, 0) < CASE WHEN septic THEN 6500 ELSE 2600 END END
  UNION ALL SELECT *, 1350504, 'etoposide' FROM drawn WHERE planted AND bits(d, 16) < 13000
  UNION ALL SELECT *, 40244464, 'ruxolitinib' FROM drawn WHERE bits(d, 16) > 65000)
SELECT row_number() OVER (ORDER BY visit, concept) AS drug_exposure_id, person AS person_id,
  concept AS drug_concept_id, start + bits(d, 32) % stay AS drug_exposure_start_date,
  start + bits(d, 32) % stay + bits(d, 48) % 6 AS drug_exposure_end_date, 32817 AS drug_type_concept_id,
  visit AS visit_occurrence_id, called AS drug_source_value
FROM found ORDER BY visit, concept
"""
_OBSERVATION = """
SELECT row_number() OVER (ORDER BY visit) AS observation_id, person AS person_id, 0 AS observation_concept_id,
  start AS observation_date, 32817 AS observation_type_concept_id, 'invented' AS value_as_string,
  visit AS visit_occurrence_id, 'a note without a concept' AS observation_source_value
FROM visits WHERE visit % 50 = 0 ORDER BY visit
"""
_DEATH = """
SELECT person AS person_id, max(start + stay - 1) AS death_date, 32817 AS death_type_concept_id
FROM visits GROUP BY person HAVING bits(draw('death', person), 0) < 1300 ORDER BY person
"""
_CONCEPT = """
WITH used (id, name, domain, vocabulary) AS (
  SELECT DISTINCT concept, test, 'Measurement', 'LOINC' FROM rungs
  UNION SELECT DISTINCT unit, unit_text, 'Unit', 'UCUM' FROM rungs
  UNION SELECT * FROM (VALUES (437663, 'Fever', 'Condition', 'SNOMED'),
    (200527, 'Splenomegaly', 'Condition', 'SNOMED'),
    (4121123, 'Hemophagocytic lymphohistiocytosis', 'Condition', 'SNOMED'),
    (1518254, 'dexamethasone', 'Drug', 'RxNorm'), (1350504, 'etoposide', 'Drug', 'RxNorm'),
    (40244464, 'ruxolitinib', 'Drug', 'RxNorm'), (9201, 'Inpatient Visit', 'Visit', 'Visit'),
    (8507, 'MALE', 'Gender', 'Gender'), (8532, 'FEMALE', 'Gender', 'Gender'),
    (32817, 'EHR', 'Type Concept', 'Type Concept'),
    (4172703, '=', 'Meas Value Operator', 'SNOMED'), (4171754, '<=', 'Meas Value Operator', 'SNOMED'),
    (0, 'No matching concept', 'Metadata', 'None')))
SELECT id AS concept_id, min(name) AS concept_name, min(domain) AS domain_id,
  min(vocabulary) AS vocabulary_id,
  'invented' AS concept_class_id, 'S' AS standard_concept, CAST(id AS VARCHAR) AS concept_code,
  DATE '1970-01-01' AS valid_start_date, DATE '2099-12-31' AS valid_end_date
FROM used GROUP BY id ORDER BY id
"""
_CDM_SOURCE = """
SELECT 'Invented warehouse of OpenHLH' AS cdm_source_name, 'invented' AS cdm_source_abbreviation,
  'OpenHLH' AS cdm_holder, 'No real patient stands behind these rows' AS source_description,
  DATE '2026-01-01' AS source_release_date, DATE '2026-01-01' AS cdm_release_date, 'v5.4' AS cdm_version,
  0 AS cdm_version_concept_id, 'invented' AS vocabulary_version
"""
TABLES = {
    "person": _PERSON,
    "observation_period": _OBSERVATION_PERIOD,
    "visit_occurrence": _VISIT_OCCURRENCE,
    "measurement": _MEASUREMENT,
    "condition_occurrence": _CONDITION_OCCURRENCE,
    "drug_exposure": _DRUG_EXPOSURE,
    "observation": _OBSERVATION,
    "death": _DEATH,
    "concept": _CONCEPT,
    "cdm_source": _CDM_SOURCE,
}
TRUTH = """
WITH words AS (
  SELECT *, ['untested', 'not_met', 'met'] AS word, [fever, spleen, cytopenia, fat, ferritin] AS states
  FROM visits WHERE planted)
SELECT visit AS visit_occurrence_id,
  CAST(len(list_filter(states, lambda one: one = 2)) AS INTEGER) AS lower,
  CAST(8 - len(list_filter(states, lambda one: one = 1)) AS INTEGER) AS upper,
  word[fever + 1] AS fever, word[spleen + 1] AS splenomegaly, word[cytopenia + 1] AS cytopenia,
  word[fat + 1] AS triglycerides_or_fibrinogen, word[ferritin + 1] AS ferritin
FROM words ORDER BY visit
"""
