"""All families of a municipality at once: their steps, times and flows as arrays, a column per profile."""
