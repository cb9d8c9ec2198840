"""Certificates say minutes.

Why: a meeting of 90 minutes was printed as 2 hours, and one of 20 as 1 hour; the record holds the
time that was really attended, in minutes. Pages that are printed already stay as they are.
Rollback: broken hours are rounded again, half up and to at least one; printed pages still stay.
"""

from alembic import op

revision = "c41d7b92e5a8"
down_revision = "3423e069e7dc"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Not in a batch: that would copy every page on SQLite.
    op.execute("ALTER TABLE certificate RENAME COLUMN hours TO minutes")
    op.execute("UPDATE certificate SET minutes = minutes * 60")


def downgrade() -> None:
    op.execute(
        "UPDATE certificate SET minutes ="
        " CASE WHEN minutes < 60 THEN 1 ELSE (minutes + 30) / 60 END"
    )
    op.execute("ALTER TABLE certificate RENAME COLUMN minutes TO hours")
