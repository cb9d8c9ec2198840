"""Certificates are kept, replaced and withdrawn.

Why: a certificate is replaced when its name was wrong or its course taken again, withdrawn
with time to object, given for attendance and for help as well; it keeps its page's HTML and
sheet and a signed credential; a city has a look of its own; learners confirm how their name is
printed before their city issues all together; a course can be taken again.
Rollback: certificates that are not of completion, later editions, looks, confirmed names and
withdrawals are lost: print them first. Refused by the database while somebody has taken a
course again: which of the two stays is for a person to decide.
"""

import sqlalchemy as sa
from alembic import op

revision = "3423e069e7dc"
down_revision = "fffffe870991"
branch_labels = None
depends_on = None


def upgrade() -> None:

    op.create_table(
        "certificate_picture",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("media_type", sa.String(length=60), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_certificate_picture")),
    )
    op.create_table(
        "certificate_sheet",
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("css", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("fingerprint", name=op.f("pk_certificate_sheet")),
    )
    op.create_table(
        "certificate_look",
        sa.Column("city_id", sa.Integer(), nullable=False),
        sa.Column("accent", sa.String(length=7), nullable=False),
        sa.Column("emblem", sa.String(length=64), nullable=True),
        sa.Column("emblem_words", sa.String(length=120), nullable=False),
        sa.Column("signature", sa.String(length=64), nullable=True),
        sa.Column("signer", sa.String(length=100), nullable=False),
        sa.Column("signer_office", sa.String(length=100), nullable=False),
        sa.Column("paper", sa.String(length=20), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["changed_by"], ["user.id"], name=op.f("fk_certificate_look_changed_by")
        ),
        sa.ForeignKeyConstraint(["city_id"], ["city.id"], name=op.f("fk_certificate_look_city_id")),
        sa.ForeignKeyConstraint(
            ["emblem"], ["certificate_picture.sha256"], name=op.f("fk_certificate_look_emblem")
        ),
        sa.ForeignKeyConstraint(
            ["signature"],
            ["certificate_picture.sha256"],
            name=op.f("fk_certificate_look_signature"),
        ),
        sa.PrimaryKeyConstraint("city_id", name=op.f("pk_certificate_look")),
    )
    with op.batch_alter_table("certificate_look", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_certificate_look_changed_by"), ["changed_by"], unique=False
        )

    op.create_table(
        "name_for_print",
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column("printed_name", sa.String(length=100), nullable=False),
        sa.Column("language", sa.String(length=10), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["confirmed_by"], ["user.id"], name=op.f("fk_name_for_print_confirmed_by")
        ),
        sa.ForeignKeyConstraint(
            ["enrolment_id"], ["enrolment.id"], name=op.f("fk_name_for_print_enrolment_id")
        ),
        sa.PrimaryKeyConstraint("enrolment_id", name=op.f("pk_name_for_print")),
    )
    with op.batch_alter_table("name_for_print", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_name_for_print_confirmed_by"), ["confirmed_by"], unique=False
        )

    op.create_table(
        "certificate_withdrawal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("certificate_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=20), nullable=False),
        sa.Column("words", sa.String(length=1000), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by", sa.Integer(), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("objection", sa.String(length=2000), nullable=False),
        sa.Column("objected_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer", sa.String(length=1000), nullable=False),
        sa.Column("outcome", sa.String(length=10), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["asked_by"], ["user.id"], name=op.f("fk_certificate_withdrawal_asked_by")
        ),
        sa.ForeignKeyConstraint(
            ["certificate_id"],
            ["certificate.id"],
            name=op.f("fk_certificate_withdrawal_certificate_id"),
        ),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["user.id"], name=op.f("fk_certificate_withdrawal_decided_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate_withdrawal")),
    )
    with op.batch_alter_table("certificate_withdrawal", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_certificate_withdrawal_asked_by"), ["asked_by"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_certificate_withdrawal_certificate_id"), ["certificate_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_certificate_withdrawal_decided_by"), ["decided_by"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_certificate_withdrawal_due_at"), ["due_at"], unique=False
        )
        batch_op.create_index(
            "ix_certificate_withdrawal_open",
            ["certificate_id"],
            unique=True,
            sqlite_where=sa.text("outcome = ''"),
            postgresql_where=sa.text("outcome = ''"),
        )

    with op.batch_alter_table("certificate", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("kind", sa.String(length=12), nullable=False, server_default="completion")
        )
        batch_op.add_column(
            sa.Column("about", sa.String(length=100), nullable=False, server_default="")
        )
        batch_op.add_column(sa.Column("edition", sa.Integer(), nullable=False, server_default="1"))
        batch_op.add_column(sa.Column("replaces_id", sa.Integer(), nullable=True))
        batch_op.add_column(
            sa.Column("reason", sa.String(length=20), nullable=False, server_default="")
        )
        batch_op.add_column(
            sa.Column("reason_words", sa.String(length=300), nullable=False, server_default="")
        )
        batch_op.add_column(
            sa.Column("track", sa.String(length=20), nullable=False, server_default="")
        )
        batch_op.add_column(
            sa.Column("issuer", sa.String(length=160), nullable=False, server_default="")
        )
        batch_op.add_column(sa.Column("expires_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("issued_by", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(
            sa.Column("withdrawn_for", sa.String(length=20), nullable=False, server_default="")
        )
        batch_op.add_column(
            sa.Column("shows_name", sa.Boolean(), nullable=False, server_default=sa.true())
        )
        batch_op.add_column(sa.Column("shared_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(
            sa.Column("paper", sa.String(length=20), nullable=False, server_default="a4-landscape")
        )
        batch_op.add_column(
            sa.Column("template", sa.String(length=64), nullable=False, server_default="")
        )
        batch_op.add_column(
            sa.Column("renderer", sa.String(length=80), nullable=False, server_default="")
        )
        batch_op.add_column(sa.Column("html", sa.Text(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("status_index", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("credential", sa.Text(), nullable=False, server_default=""))
        batch_op.alter_column("enrolment_id", existing_type=sa.INTEGER(), nullable=True)
        batch_op.alter_column("release_id", existing_type=sa.INTEGER(), nullable=True)
        batch_op.alter_column("cohort_id", existing_type=sa.INTEGER(), nullable=True)
        batch_op.drop_constraint(batch_op.f("uq_certificate_user_id_course_id"), type_="unique")
        batch_op.create_index(batch_op.f("ix_certificate_issued_by"), ["issued_by"], unique=False)
        batch_op.create_index(batch_op.f("ix_certificate_pdf_sha256"), ["pdf_sha256"], unique=False)
        batch_op.create_unique_constraint(batch_op.f("uq_certificate_replaces_id"), ["replaces_id"])
        batch_op.create_unique_constraint(
            batch_op.f("uq_certificate_status_index"), ["status_index"]
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_certificate_issued_by"), "user", ["issued_by"], ["id"]
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_certificate_replaces_id"), "certificate", ["replaces_id"], ["id"]
        )

    op.execute(
        "UPDATE certificate SET about = 'course:' || course_id, issuer = city_name,"
        " track = coalesce((SELECT city.track FROM city WHERE city.id = certificate.city_id), '')"
    )
    with op.batch_alter_table("certificate", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_certificate_about"), ["about"], unique=False)
        batch_op.create_unique_constraint(
            batch_op.f("uq_certificate_user_id_kind_about_edition"),
            ["user_id", "kind", "about", "edition"],
        )

    with op.batch_alter_table("cohort", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("city_issues", sa.Boolean(), nullable=False, server_default=sa.false())
        )

    with op.batch_alter_table("enrolment", schema=None) as batch_op:
        batch_op.add_column(sa.Column("past", sa.Integer(), nullable=False, server_default="0"))
        batch_op.drop_constraint(batch_op.f("uq_enrolment_user_id_course_id"), type_="unique")
        batch_op.create_unique_constraint(
            batch_op.f("uq_enrolment_user_id_course_id_past"), ["user_id", "course_id", "past"]
        )


def downgrade() -> None:

    with op.batch_alter_table("enrolment", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("uq_enrolment_user_id_course_id_past"), type_="unique")
        batch_op.create_unique_constraint(
            batch_op.f("uq_enrolment_user_id_course_id"), ["user_id", "course_id"]
        )
        batch_op.drop_column("past")

    with op.batch_alter_table("cohort", schema=None) as batch_op:
        batch_op.drop_column("city_issues")

    op.execute("UPDATE certificate SET replaces_id = NULL")
    op.execute("DELETE FROM certificate_withdrawal")
    op.execute("DELETE FROM certificate WHERE kind <> 'completion' OR edition > 1")
    with op.batch_alter_table("certificate", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_certificate_replaces_id"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_certificate_issued_by"), type_="foreignkey")
        batch_op.drop_constraint(
            batch_op.f("uq_certificate_user_id_kind_about_edition"), type_="unique"
        )
        batch_op.drop_constraint(batch_op.f("uq_certificate_status_index"), type_="unique")
        batch_op.drop_constraint(batch_op.f("uq_certificate_replaces_id"), type_="unique")
        batch_op.drop_index(batch_op.f("ix_certificate_pdf_sha256"))
        batch_op.drop_index(batch_op.f("ix_certificate_issued_by"))
        batch_op.drop_index(batch_op.f("ix_certificate_about"))
        batch_op.create_unique_constraint(
            batch_op.f("uq_certificate_user_id_course_id"), ["user_id", "course_id"]
        )
        batch_op.alter_column("cohort_id", existing_type=sa.INTEGER(), nullable=False)
        batch_op.alter_column("release_id", existing_type=sa.INTEGER(), nullable=False)
        batch_op.alter_column("enrolment_id", existing_type=sa.INTEGER(), nullable=False)
        batch_op.drop_column("credential")
        batch_op.drop_column("status_index")
        batch_op.drop_column("html")
        batch_op.drop_column("renderer")
        batch_op.drop_column("template")
        batch_op.drop_column("paper")
        batch_op.drop_column("shared_at")
        batch_op.drop_column("shows_name")
        batch_op.drop_column("withdrawn_for")
        batch_op.drop_column("withdrawn_at")
        batch_op.drop_column("issued_by")
        batch_op.drop_column("expires_on")
        batch_op.drop_column("issuer")
        batch_op.drop_column("track")
        batch_op.drop_column("reason_words")
        batch_op.drop_column("reason")
        batch_op.drop_column("replaces_id")
        batch_op.drop_column("edition")
        batch_op.drop_column("about")
        batch_op.drop_column("kind")

    with op.batch_alter_table("certificate_withdrawal", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_certificate_withdrawal_open",
            sqlite_where=sa.text("outcome = ''"),
            postgresql_where=sa.text("outcome = ''"),
        )
        batch_op.drop_index(batch_op.f("ix_certificate_withdrawal_due_at"))
        batch_op.drop_index(batch_op.f("ix_certificate_withdrawal_decided_by"))
        batch_op.drop_index(batch_op.f("ix_certificate_withdrawal_certificate_id"))
        batch_op.drop_index(batch_op.f("ix_certificate_withdrawal_asked_by"))

    op.drop_table("certificate_withdrawal")
    with op.batch_alter_table("name_for_print", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_name_for_print_confirmed_by"))

    op.drop_table("name_for_print")
    with op.batch_alter_table("certificate_look", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_certificate_look_changed_by"))

    op.drop_table("certificate_look")
    op.drop_table("certificate_sheet")
    op.drop_table("certificate_picture")
