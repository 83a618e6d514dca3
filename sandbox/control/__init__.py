"""How tests and the page drive people and faults."""
