"""Patients: readers from files to facts. Nothing of a patient is stored, logged or sent."""
