"""The columns of the OMOP CDM 5.4 tables that an invented warehouse has, in their order and with their types.

As in the published DDL; only its numeric columns are floating point here, for a warehouse may hold NaN.
"""

from __future__ import annotations

from collections.abc import Collection

_KINDS = {"i": "INTEGER", "d": "DATE", "t": "TIMESTAMP", "s": "VARCHAR", "n": "DOUBLE"}
_TABLES = {
    "person": """person_id gender_concept_id year_of_birth month_of_birth day_of_birth birth_datetime:t
        race_concept_id ethnicity_concept_id location_id provider_id care_site_id person_source_value:s
        gender_source_value:s gender_source_concept_id race_source_value:s race_source_concept_id
        ethnicity_source_value:s ethnicity_source_concept_id""",
    "observation_period": """observation_period_id person_id observation_period_start_date:d
        observation_period_end_date:d period_type_concept_id""",
    "visit_occurrence": """visit_occurrence_id person_id visit_concept_id visit_start_date:d
        visit_start_datetime:t visit_end_date:d visit_end_datetime:t visit_type_concept_id provider_id
        care_site_id visit_source_value:s visit_source_concept_id admitted_from_concept_id
        admitted_from_source_value:s discharged_to_concept_id discharged_to_source_value:s
        preceding_visit_occurrence_id""",
    "condition_occurrence": """condition_occurrence_id person_id condition_concept_id condition_start_date:d
        condition_start_datetime:t condition_end_date:d condition_end_datetime:t condition_type_concept_id
        condition_status_concept_id stop_reason:s provider_id visit_occurrence_id visit_detail_id
        condition_source_value:s condition_source_concept_id condition_status_source_value:s""",
    "drug_exposure": """drug_exposure_id person_id drug_concept_id drug_exposure_start_date:d
        drug_exposure_start_datetime:t drug_exposure_end_date:d drug_exposure_end_datetime:t
        verbatim_end_date:d drug_type_concept_id stop_reason:s refills quantity:n days_supply sig:s
        route_concept_id lot_number:s provider_id visit_occurrence_id visit_detail_id drug_source_value:s
        drug_source_concept_id route_source_value:s dose_unit_source_value:s""",
    "measurement": """measurement_id person_id measurement_concept_id measurement_date:d
        measurement_datetime:t measurement_time:s measurement_type_concept_id operator_concept_id
        value_as_number:n value_as_concept_id unit_concept_id range_low:n range_high:n provider_id
        visit_occurrence_id visit_detail_id measurement_source_value:s measurement_source_concept_id
        unit_source_value:s unit_source_concept_id value_source_value:s measurement_event_id
        meas_event_field_concept_id""",
    "observation": """observation_id person_id observation_concept_id observation_date:d
        observation_datetime:t observation_type_concept_id value_as_number:n value_as_string:s
        value_as_concept_id qualifier_concept_id unit_concept_id provider_id visit_occurrence_id
        visit_detail_id observation_source_value:s observation_source_concept_id unit_source_value:s
        qualifier_source_value:s value_source_value:s observation_event_id obs_event_field_concept_id""",
    "death": """person_id death_date:d death_datetime:t death_type_concept_id cause_concept_id
        cause_source_value:s cause_source_concept_id""",
    "concept": """concept_id concept_name:s domain_id:s vocabulary_id:s concept_class_id:s standard_concept:s
        concept_code:s valid_start_date:d valid_end_date:d invalid_reason:s""",
    "cdm_source": """cdm_source_name:s cdm_source_abbreviation:s cdm_holder:s source_description:s
        source_documentation_reference:s cdm_etl_reference:s source_release_date:d cdm_release_date:d
        cdm_version:s cdm_version_concept_id vocabulary_version:s""",
}
CDM: dict[str, dict[str, str]] = {
    table: {
        name: _KINDS[kind or "i"] for name, _, kind in (column.partition(":") for column in columns.split())
    }
    for table, columns in _TABLES.items()
}


def as_cdm(table: str, query: str, filled: Collection[str]) -> str:
    """Return a query with every column of a CDM table in its order; those that it does not fill are null."""
    columns = [
        f"CAST({name if name in filled else 'NULL'} AS {kind}) AS {name}" for name, kind in CDM[table].items()
    ]
    return f"SELECT {', '.join(columns)} FROM ({query})"  # noqa: S608 - our own text throughout
