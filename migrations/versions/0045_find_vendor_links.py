"""Find the links to an RFQ or an order, and the codes of a link, without a look at all of them."""

from alembic import op

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_vendor_links_about", "vendor_links", ["about_id", "id"])
    op.create_index("ix_vendor_link_codes_link", "vendor_link_codes", ["link_id"])


def downgrade() -> None:
    op.drop_index("ix_vendor_link_codes_link", "vendor_link_codes")
    op.drop_index("ix_vendor_links_about", "vendor_links")
