"""The vocabulary: terms, concept schemes, SHACL shapes and the sentences that users read."""
