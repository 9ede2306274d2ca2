"""Triggers that keep closed cash sessions and all movements as they are, whoever writes (CSH-2).

They hang on two tables: a migration that makes SQLite rebuild one of them must install them again.
"""

from caudal.store.guards import Guard

SESSION, MOVEMENT = "payments_cashsession", "payments_movement"
CLOSED = "payments: a closed cash session never changes"
FIXED = "payments: movements are never changed or deleted"

POSTGRESQL_INSTALL = f"""
CREATE OR REPLACE FUNCTION payments_keep_session() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '{CLOSED}' USING ERRCODE = 'check_violation';
END $$;
CREATE OR REPLACE FUNCTION payments_join_session() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM {SESSION} WHERE id = NEW.session_id AND closed_at IS NOT NULL
    ) THEN
        RAISE EXCEPTION '{CLOSED}' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE FUNCTION payments_keep_movement() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '{FIXED}' USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER payments_session_closed BEFORE UPDATE OR DELETE ON {SESSION}
    FOR EACH ROW WHEN (OLD.closed_at IS NOT NULL) EXECUTE FUNCTION payments_keep_session();
CREATE TRIGGER payments_movement_late BEFORE INSERT ON {MOVEMENT}
    FOR EACH ROW WHEN (NEW.session_id IS NOT NULL) EXECUTE FUNCTION payments_join_session();
CREATE TRIGGER payments_movement_fixed BEFORE UPDATE OR DELETE ON {MOVEMENT}
    FOR EACH ROW EXECUTE FUNCTION payments_keep_movement();
"""

POSTGRESQL_REMOVE = """
DROP FUNCTION IF EXISTS payments_keep_session() CASCADE;
DROP FUNCTION IF EXISTS payments_join_session() CASCADE;
DROP FUNCTION IF EXISTS payments_keep_movement() CASCADE;
"""

SQLITE_TRIGGERS = {
    "payments_movement_late": f"""
        BEFORE INSERT ON {MOVEMENT} WHEN NEW.session_id IS NOT NULL BEGIN
            SELECT RAISE(ABORT, '{CLOSED}') WHERE EXISTS (
                SELECT 1 FROM {SESSION} WHERE id = NEW.session_id AND closed_at IS NOT NULL
            );
        END""",
    # REPLACE deletes the row in its way without a word to the triggers of DELETE.
    "payments_session_replace": f"""
        BEFORE INSERT ON {SESSION} BEGIN
            SELECT RAISE(ABORT, '{CLOSED}') WHERE EXISTS (
                SELECT 1 FROM {SESSION} WHERE id = NEW.id AND closed_at IS NOT NULL
            );
        END""",
    "payments_movement_replace": f"""
        BEFORE INSERT ON {MOVEMENT} BEGIN
            SELECT RAISE(ABORT, '{FIXED}')
            WHERE EXISTS (SELECT 1 FROM {MOVEMENT} WHERE id = NEW.id);
        END""",
    **{
        f"payments_session_{act.lower()}": f"""
        BEFORE {act} ON {SESSION} WHEN OLD.closed_at IS NOT NULL BEGIN
            SELECT RAISE(ABORT, '{CLOSED}');
        END"""
        for act in ("UPDATE", "DELETE")
    },
    **{
        f"payments_movement_{act.lower()}": f"""
        BEFORE {act} ON {MOVEMENT} BEGIN
            SELECT RAISE(ABORT, '{FIXED}');
        END"""
        for act in ("UPDATE", "DELETE")
    },
}

GUARD = Guard(POSTGRESQL_INSTALL, POSTGRESQL_REMOVE, SQLITE_TRIGGERS)
install, remove = GUARD.install, GUARD.remove
