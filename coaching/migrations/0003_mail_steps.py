"""Lets a mail take the steps that its states allow, and no others, whoever writes."""

from django.db import migrations

GUARD = """
CREATE FUNCTION coaching_mail_steps() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'draft' THEN
            RAISE EXCEPTION 'a mail begins as a draft' USING ERRCODE = 'restrict_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF NEW.state <> OLD.state AND (OLD.state, NEW.state) NOT IN (
        ('draft', 'approved'), ('draft', 'discarded'),
        ('approved', 'draft'), ('approved', 'sending'), ('approved', 'failed'),
        ('approved', 'discarded'),
        ('sending', 'sent'), ('sending', 'failed'), ('sending', 'unknown'),
        ('sending', 'approved'),
        ('unknown', 'sent'), ('unknown', 'failed'), ('unknown', 'approved'),
        ('unknown', 'discarded'),
        ('failed', 'draft'), ('failed', 'discarded')
    ) THEN
        RAISE EXCEPTION 'a mail that is % does not become %', OLD.state, NEW.state
            USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.message_id <> OLD.message_id OR (
        OLD.state <> 'draft' AND (NEW.subject, NEW.body, NEW.to_address)
            IS DISTINCT FROM (OLD.subject, OLD.body, OLD.to_address)
    ) THEN
        RAISE EXCEPTION 'a mail that was approved keeps its text' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER coaching_mail_steps BEFORE INSERT OR UPDATE ON coaching_mail
    FOR EACH ROW EXECUTE FUNCTION coaching_mail_steps();
"""
UNGUARDED = """
DROP TRIGGER coaching_mail_steps ON coaching_mail;
DROP FUNCTION coaching_mail_steps();
"""


class Migration(migrations.Migration):
    dependencies = [("coaching", "0002_mails")]
    operations = [migrations.RunSQL(GUARD, UNGUARDED)]
