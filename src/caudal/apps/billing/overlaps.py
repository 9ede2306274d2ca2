"""The database's own guard against billing a day of a service twice (GEN-2), on both databases.

PostgreSQL excludes ranges that meet. The service is a range of one number there, because the
operator class for plain numbers needs an extension that an installation may not have.
"""

from caudal.store.guards import Guard

POSTGRESQL_INSTALL = """
ALTER TABLE billing_billedperiod ADD CONSTRAINT no_day_billed_twice EXCLUDE USING gist (
    int8range(service_id, service_id, '[]') WITH &&, daterange("first", "last", '[]') WITH &&
) WHERE (NOT is_void)
"""
POSTGRESQL_REMOVE = "ALTER TABLE billing_billedperiod DROP CONSTRAINT IF EXISTS no_day_billed_twice"

SQLITE_TRIGGERS = {
    f"no_day_billed_twice_{act.lower()}": f"""
    BEFORE {act} ON billing_billedperiod WHEN NOT NEW.is_void BEGIN
        SELECT RAISE(ABORT, 'no_day_billed_twice') WHERE EXISTS (
            SELECT 1 FROM billing_billedperiod other
            WHERE other.service_id = NEW.service_id AND NOT other.is_void
                AND other.id IS NOT NEW.id
                AND other."first" <= NEW."last" AND NEW."first" <= other."last"
        );
    END"""
    for act in ("INSERT", "UPDATE")
}

GUARD = Guard(POSTGRESQL_INSTALL, POSTGRESQL_REMOVE, SQLITE_TRIGGERS)
install, remove = GUARD.install, GUARD.remove
