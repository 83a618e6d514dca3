"""The revision that this code needs; a test holds it to the newest file in ``versions``."""

HEAD = "0017"
