"""Which texts name the same item, and from whom it is usually bought.

One rule: a text that was given to an item stays with it, so an item keeps its id and its history.
"""

from sqlalchemy import Column, Float, ForeignKey, Index, Integer, String, Table, Text

from core.db.base import Amount, Id, Moment, id_column, metadata

demand_items = Table(
    "demand_items",
    metadata,
    id_column(),
    Column("name", String(300), nullable=False),
    Column("words", Text, nullable=False),
    Column("unit", String(40), nullable=False),
    Column("founded_at", Moment, nullable=False),
    Column("category", String(40)),
    Column("vendor_id", Id, ForeignKey("vendors.id")),
    Column("lead_days", Float),
    Column("lead_orders", Integer, nullable=False, server_default="0"),
    Column("price", Amount),
    Index("ix_demand_items_category", "category"),
)
"""``price``: what one cost last, in the organisation's currency; ``lead_days`` the vendor's median over
``lead_orders`` orders."""

demand_texts = Table(
    "demand_texts",
    metadata,
    Column("words", Text, primary_key=True),
    Column("unit", String(40), primary_key=True),
    Column("item_id", Id, ForeignKey("demand_items.id"), nullable=False),
    Index("ix_demand_texts_item", "item_id"),
)

demand_new_texts = Table(
    "demand_new_texts",
    metadata,
    Column("words", Text, primary_key=True),
    Column("unit", String(40), primary_key=True),
    Column("written", String(300), nullable=False),
    Column("asked_at", Moment, nullable=False),
    Column("line_id", Id, nullable=False),
    Index("ix_demand_new_texts_asked", "asked_at", "words", "unit"),
)
"""Texts that a run has found and that are of no item yet, as first written and asked for, by that line."""
