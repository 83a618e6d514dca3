"""What was bought, each text once: however often it was bought, the index of trigrams holds it once.

One rule: a text is written with the order that it stands in, so nothing is found later than it was bought.
"""

from sqlalchemy import Column, Index, Table, Text

from core.db.base import metadata

bought_texts = Table(
    "bought_texts",
    metadata,
    Column("words", Text, primary_key=True),
    Index(
        "ix_bought_texts_trigrams",
        "words",
        postgresql_using="gin",
        postgresql_ops={"words": "gin_trgm_ops"},
    ),
)
"""``words`` is ``lower(description)`` of an order's line."""
