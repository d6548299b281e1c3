"""One account a name, sessions that end with their rights, and an audit log that only grows."""

from django.db import migrations, models
from django.db.models.functions import Lower

# Deleting a person takes the name off their rows, and nothing else. Truncating stays possible for
# the owner of the table, as dropping it does.
APPEND_ONLY = """
CREATE FUNCTION kernel_audit_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
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

CREATE TRIGGER kernel_audit_append_only BEFORE UPDATE OR DELETE ON kernel_auditevent
FOR EACH ROW EXECUTE FUNCTION kernel_audit_append_only();
"""

CHANGEABLE = """
DROP TRIGGER kernel_audit_append_only ON kernel_auditevent;
DROP FUNCTION kernel_audit_append_only();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("kernel", "0002_fx_rate_function"),
    ]

    operations = [
        migrations.AlterModelManagers(name="user", managers=[]),
        migrations.AlterModelOptions(
            name="fxrate",
            options={
                "ordering": ["-date", "from_currency", "to_currency"],
                "verbose_name": "exchange rate",
            },
        ),
        migrations.AlterModelOptions(
            name="rejectedrow",
            options={"ordering": ["load", "line", "id"], "verbose_name": "refused row"},
        ),
        migrations.AlterModelOptions(
            name="workspace", options={"verbose_name_plural": "workspace"}
        ),
        migrations.AddField(
            model_name="user",
            name="rights_changes",
            field=models.PositiveIntegerField(default=0, editable=False),
        ),
        migrations.AddConstraint(
            model_name="user",
            constraint=models.UniqueConstraint(
                Lower("username"),
                name="kernel_user_username",
                violation_error_message="A user with that username already exists.",
            ),
        ),
        migrations.AddConstraint(
            model_name="user",
            constraint=models.UniqueConstraint(
                Lower("email"),
                condition=~models.Q(email=""),
                name="kernel_user_email",
                violation_error_message="A user with that e-mail address already exists.",
            ),
        ),
        migrations.AddIndex(
            model_name="auditevent",
            index=models.Index(
                fields=["at"],
                condition=models.Q(action="login failed"),
                name="kernel_audit_failed_login",
            ),
        ),
        migrations.RunSQL(APPEND_ONLY, CHANGEABLE),
    ]
