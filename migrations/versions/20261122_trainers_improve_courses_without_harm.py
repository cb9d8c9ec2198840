"""Trainers improve courses without harm.

Why: publications, cohort moves and regrades so that an edit never takes anything from a learner;
drafts with reviewers and comments; mistake reports; notices; statistics snapshots; the time a
module took; trainers for one course; the sources of a release, to be given back.
Rollback: drops all of these; what regrades gave stays in the attempts. Trainers of one course
become trainers of every course: take their role away first if that is too much.
"""

import sqlalchemy as sa
from alembic import op

revision = "2ded33e5c8dc"
down_revision = "e0db603b7b54"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "statistics_snapshot",
        sa.Column("course_id", sa.String(length=80), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("course_id", name=op.f("pk_statistics_snapshot")),
    )
    op.create_table(
        "notice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("link", sa.String(length=300), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_notice_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
        sa.UniqueConstraint("user_id", "key", name=op.f("uq_notice_user_id_key")),
    )
    op.create_table(
        "draft",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("course_id", sa.String(length=80), nullable=False),
        sa.Column("version", sa.String(length=40), nullable=False),
        sa.Column("archive", sa.LargeBinary(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("errors", sa.Integer(), nullable=False),
        sa.Column("warnings", sa.Integer(), nullable=False),
        sa.Column("based_on", sa.Integer(), nullable=True),
        sa.Column("published_id", sa.Integer(), nullable=True),
        sa.Column("uploaded_by", sa.Integer(), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["based_on"], ["release.id"], name=op.f("fk_draft_based_on")),
        sa.ForeignKeyConstraint(
            ["published_id"], ["release.id"], name=op.f("fk_draft_published_id")
        ),
        sa.ForeignKeyConstraint(["uploaded_by"], ["user.id"], name=op.f("fk_draft_uploaded_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft")),
        sa.UniqueConstraint("course_id", "sha256", name=op.f("uq_draft_course_id_sha256")),
        sa.UniqueConstraint("key", name=op.f("uq_draft_key")),
    )
    with op.batch_alter_table("draft", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_draft_based_on"), ["based_on"], unique=False)
        batch_op.create_index(batch_op.f("ix_draft_course_id"), ["course_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_draft_published_id"), ["published_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_draft_uploaded_by"), ["uploaded_by"], unique=False)

    op.create_table(
        "mistake_report",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("course_id", sa.String(length=80), nullable=False),
        sa.Column("release_id", sa.Integer(), nullable=False),
        sa.Column("module_id", sa.String(length=80), nullable=False),
        sa.Column("place", sa.String(length=80), nullable=False),
        sa.Column("language", sa.String(length=10), nullable=False),
        sa.Column("file", sa.String(length=200), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("excerpt", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["answered_by"], ["user.id"], name=op.f("fk_mistake_report_answered_by")
        ),
        sa.ForeignKeyConstraint(
            ["release_id"], ["release.id"], name=op.f("fk_mistake_report_release_id")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_mistake_report_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mistake_report")),
        sa.UniqueConstraint("user_id", "key", name=op.f("uq_mistake_report_user_id_key")),
    )
    with op.batch_alter_table("mistake_report", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_mistake_report_answered_by"), ["answered_by"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_mistake_report_course_id"), ["course_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_mistake_report_release_id"), ["release_id"], unique=False
        )

    op.create_table(
        "publication",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.String(length=80), nullable=False),
        sa.Column("release_id", sa.Integer(), nullable=False),
        sa.Column("before_id", sa.Integer(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["before_id"], ["release.id"], name=op.f("fk_publication_before_id")
        ),
        sa.ForeignKeyConstraint(["by"], ["user.id"], name=op.f("fk_publication_by")),
        sa.ForeignKeyConstraint(
            ["release_id"], ["release.id"], name=op.f("fk_publication_release_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_publication")),
    )
    with op.batch_alter_table("publication", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_publication_before_id"), ["before_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_publication_by"), ["by"], unique=False)
        batch_op.create_index(batch_op.f("ix_publication_course_id"), ["course_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_publication_release_id"), ["release_id"], unique=False)

    op.create_table(
        "cohort_move",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cohort_id", sa.Integer(), nullable=False),
        sa.Column("from_id", sa.Integer(), nullable=False),
        sa.Column("to_id", sa.Integer(), nullable=False),
        sa.Column("publication_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["by"], ["user.id"], name=op.f("fk_cohort_move_by")),
        sa.ForeignKeyConstraint(
            ["cohort_id"], ["cohort.id"], name=op.f("fk_cohort_move_cohort_id")
        ),
        sa.ForeignKeyConstraint(["from_id"], ["release.id"], name=op.f("fk_cohort_move_from_id")),
        sa.ForeignKeyConstraint(
            ["publication_id"], ["publication.id"], name=op.f("fk_cohort_move_publication_id")
        ),
        sa.ForeignKeyConstraint(["to_id"], ["release.id"], name=op.f("fk_cohort_move_to_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cohort_move")),
    )
    with op.batch_alter_table("cohort_move", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_cohort_move_by"), ["by"], unique=False)
        batch_op.create_index(batch_op.f("ix_cohort_move_cohort_id"), ["cohort_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_cohort_move_from_id"), ["from_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_cohort_move_publication_id"), ["publication_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_cohort_move_to_id"), ["to_id"], unique=False)

    op.create_table(
        "draft_comment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("draft_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("module_id", sa.String(length=80), nullable=False),
        sa.Column("place", sa.String(length=80), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("by", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["by"], ["user.id"], name=op.f("fk_draft_comment_by")),
        sa.ForeignKeyConstraint(["draft_id"], ["draft.id"], name=op.f("fk_draft_comment_draft_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft_comment")),
        sa.UniqueConstraint("draft_id", "by", "key", name=op.f("uq_draft_comment_draft_id_by_key")),
    )
    with op.batch_alter_table("draft_comment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_draft_comment_by"), ["by"], unique=False)

    op.create_table(
        "draft_reviewer",
        sa.Column("draft_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["asked_by"], ["user.id"], name=op.f("fk_draft_reviewer_asked_by")),
        sa.ForeignKeyConstraint(
            ["draft_id"], ["draft.id"], name=op.f("fk_draft_reviewer_draft_id")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_draft_reviewer_user_id")),
        sa.PrimaryKeyConstraint("draft_id", "user_id", name=op.f("pk_draft_reviewer")),
    )
    with op.batch_alter_table("draft_reviewer", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_draft_reviewer_asked_by"), ["asked_by"], unique=False)
        batch_op.create_index(batch_op.f("ix_draft_reviewer_user_id"), ["user_id"], unique=False)

    op.create_table(
        "regrade",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("attempt_id", sa.Integer(), nullable=False),
        sa.Column("release_id", sa.Integer(), nullable=False),
        sa.Column("percent_before", sa.Integer(), nullable=False),
        sa.Column("percent_after", sa.Integer(), nullable=False),
        sa.Column("passed_before", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempt.id"], name=op.f("fk_regrade_attempt_id")),
        sa.ForeignKeyConstraint(["release_id"], ["release.id"], name=op.f("fk_regrade_release_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_regrade")),
        sa.UniqueConstraint(
            "attempt_id", "release_id", name=op.f("uq_regrade_attempt_id_release_id")
        ),
    )
    with op.batch_alter_table("regrade", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_regrade_release_id"), ["release_id"], unique=False)

    with op.batch_alter_table("release", schema=None) as batch_op:
        batch_op.add_column(sa.Column("source", sa.LargeBinary(), nullable=True))

    with op.batch_alter_table("module_progress", schema=None) as batch_op:
        batch_op.add_column(sa.Column("seconds_open", sa.Integer(), nullable=True))

    _role_constraints(
        ["user_id", "kind", "city_id", "cohort_id", "course_id"],
        added=sa.Column("course_id", sa.String(length=80), nullable=True),
    )


def downgrade() -> None:
    _role_constraints(["user_id", "kind", "city_id", "cohort_id"], added=None)

    with op.batch_alter_table("module_progress", schema=None) as batch_op:
        batch_op.drop_column("seconds_open")

    with op.batch_alter_table("release", schema=None) as batch_op:
        batch_op.drop_column("source")

    with op.batch_alter_table("regrade", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_regrade_release_id"))

    op.drop_table("regrade")
    with op.batch_alter_table("draft_reviewer", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_draft_reviewer_user_id"))
        batch_op.drop_index(batch_op.f("ix_draft_reviewer_asked_by"))

    op.drop_table("draft_reviewer")
    with op.batch_alter_table("draft_comment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_draft_comment_by"))

    op.drop_table("draft_comment")
    with op.batch_alter_table("cohort_move", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_cohort_move_to_id"))
        batch_op.drop_index(batch_op.f("ix_cohort_move_publication_id"))
        batch_op.drop_index(batch_op.f("ix_cohort_move_from_id"))
        batch_op.drop_index(batch_op.f("ix_cohort_move_cohort_id"))
        batch_op.drop_index(batch_op.f("ix_cohort_move_by"))

    op.drop_table("cohort_move")
    with op.batch_alter_table("publication", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_publication_release_id"))
        batch_op.drop_index(batch_op.f("ix_publication_course_id"))
        batch_op.drop_index(batch_op.f("ix_publication_by"))
        batch_op.drop_index(batch_op.f("ix_publication_before_id"))

    op.drop_table("publication")
    with op.batch_alter_table("mistake_report", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_mistake_report_release_id"))
        batch_op.drop_index(batch_op.f("ix_mistake_report_course_id"))
        batch_op.drop_index(batch_op.f("ix_mistake_report_answered_by"))

    op.drop_table("mistake_report")
    with op.batch_alter_table("draft", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_draft_uploaded_by"))
        batch_op.drop_index(batch_op.f("ix_draft_published_id"))
        batch_op.drop_index(batch_op.f("ix_draft_course_id"))
        batch_op.drop_index(batch_op.f("ix_draft_based_on"))

    op.drop_table("draft")
    op.drop_table("notice")
    op.drop_table("statistics_snapshot")


def _role_constraints(unique: list[str], *, added: "sa.Column[str] | None") -> None:
    """Give or take the course of a role."""
    with op.batch_alter_table("role") as batch:
        if added is None:
            batch.drop_constraint(
                op.f("uq_role_user_id_kind_city_id_cohort_id_course_id"), type_="unique"
            )
            batch.drop_constraint(op.f("ck_role_only_trainers_have_course"), type_="check")
            batch.drop_column("course_id")
        else:
            batch.add_column(added)
            batch.drop_constraint(op.f("uq_role_user_id_kind_city_id_cohort_id"), type_="unique")
            batch.create_check_constraint(
                op.f("ck_role_only_trainers_have_course"), "kind = 'trainer' OR course_id IS NULL"
            )
        batch.create_unique_constraint(op.f("_".join(["uq_role", *unique])), unique)
