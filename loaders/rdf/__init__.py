"""RDF of others held against our rules: reading without reaching out, shapes.ttl as rules, faults told as findings."""

from .validation import Alike, Validation, validate

__all__ = ("Alike", "Validation", "validate")
