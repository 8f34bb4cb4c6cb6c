"""Registrations: event logs of cases, read as they come and never kept."""
