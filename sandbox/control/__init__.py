"""The control interface: tests and the page play people and set faults through it."""
