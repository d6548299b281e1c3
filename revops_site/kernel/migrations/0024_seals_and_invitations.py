"""A chain over the audit log, whose rows words of a person may leave; and invitations."""

import django.db.models.deletion
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models

# What was said of a person may be taken out of a row, and rows may be forgotten by age: both by a
# transaction that says so, and both leave what the chain needs to tell it from tampering.
APPEND_ONLY = """
CREATE OR REPLACE FUNCTION kernel_audit_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    told boolean := current_setting('revops.audit_upkeep', true) = 'on';
BEGIN
    IF TG_TABLE_NAME = 'kernel_auditevent' THEN
        IF TG_OP = 'UPDATE' THEN
            IF NEW.user_id IS NULL AND to_jsonb(NEW) - 'user_id' = to_jsonb(OLD) - 'user_id' THEN
                RETURN NEW;
            END IF;
            IF told AND to_jsonb(NEW) - '{target,detail,address}'::text[]
                = to_jsonb(OLD) - '{target,detail,address}'::text[]
            THEN
                RETURN NEW;
            END IF;
        ELSIF told THEN
            RETURN OLD;
        END IF;
    END IF;
    RAISE EXCEPTION 'rows of the audit log are added and never changed'
        USING ERRCODE = 'restrict_violation';
END
$$;

CREATE TRIGGER kernel_audit_append_only BEFORE UPDATE OR DELETE ON kernel_auditseal
FOR EACH ROW EXECUTE FUNCTION kernel_audit_append_only();
"""

AS_BEFORE = """
DROP TRIGGER kernel_audit_append_only ON kernel_auditseal;
CREATE OR REPLACE FUNCTION kernel_audit_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.user_id IS NULL
        AND to_jsonb(NEW) - 'user_id' = to_jsonb(OLD) - 'user_id'
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'rows of the audit log are added and never changed'
        USING ERRCODE = 'restrict_violation';
END
$$;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("kernel", "0023_annotations"),
    ]

    operations = [
        migrations.CreateModel(
            name="AuditSeal",
            fields=[
                ("number", models.BigIntegerField(primary_key=True, serialize=False)),
                ("event_id", models.BigIntegerField(unique=True)),
                (
                    "person",
                    models.BigIntegerField(
                        help_text="The account's number, which stays.", null=True
                    ),
                ),
                (
                    "digest",
                    models.CharField(help_text="SHA-256 of what the row said.", max_length=64),
                ),
                (
                    "chain",
                    models.CharField(
                        help_text="HMAC over this link and the one before.", max_length=64
                    ),
                ),
                (
                    "key",
                    models.CharField(help_text="Which of the sealing keys made it.", max_length=8),
                ),
            ],
            options={
                "ordering": ["number"],
            },
        ),
        migrations.CreateModel(
            name="Invitation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("email", models.EmailField(max_length=254)),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("admin", "Admin"),
                            ("revops", "RevOps"),
                            ("manager", "Manager"),
                            ("rep", "Rep"),
                            ("viewer", "Viewer"),
                        ],
                        max_length=10,
                    ),
                ),
                ("digest", models.CharField(max_length=64, unique=True)),
                ("made_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "accepted_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "invited_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "rep",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="kernel.rep",
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="kernel.team",
                    ),
                ),
            ],
            options={
                "ordering": ["-id"],
                "constraints": [
                    models.UniqueConstraint(
                        django.db.models.functions.text.Lower("email"),
                        condition=models.Q(("ended_at", None)),
                        name="kernel_invitation_open",
                    )
                ],
            },
        ),
        migrations.RunSQL(APPEND_ONLY, AS_BEFORE),
    ]
