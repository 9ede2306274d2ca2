"""Triggers that keep the ledger append-only and every transaction at zero, whoever writes.

They hang on two tables: a migration that makes SQLite rebuild one of them must install them again.
"""

from caudal.store.guards import Guard

POSTGRESQL_INSTALL = """
CREATE OR REPLACE FUNCTION ledger_check_seal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM sealed WHERE (
            SELECT COUNT(*) < 2 OR SUM(entry.amount) <> 0 OR bool_or(
                account.company_id <> sealed.company_id OR account.currency <> sealed.currency
            )
            FROM ledger_entry entry JOIN ledger_account account ON account.id = entry.account_id
            WHERE entry.transaction_id = sealed.id
        )
    ) THEN
        RAISE EXCEPTION 'ledger: entries are two or more of one company and sum to zero'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE OR REPLACE FUNCTION ledger_check_entry() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM added JOIN ledger_transaction sealed ON sealed.id = transaction_id)
    THEN
        RAISE EXCEPTION 'ledger: the transaction is sealed' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE OR REPLACE FUNCTION ledger_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'ledger: rows are never changed or deleted' USING ERRCODE = 'check_violation';
END $$;
CREATE OR REPLACE FUNCTION ledger_keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM ledger_entry) THEN
        RAISE EXCEPTION 'ledger: rows are never deleted' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER ledger_seal AFTER INSERT ON ledger_transaction REFERENCING NEW TABLE AS sealed
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_check_seal();
CREATE TRIGGER ledger_entry_late AFTER INSERT ON ledger_entry REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_check_entry();
CREATE TRIGGER ledger_transaction_fixed BEFORE UPDATE OR DELETE ON ledger_transaction
    FOR EACH ROW EXECUTE FUNCTION ledger_refuse();
CREATE TRIGGER ledger_entry_fixed BEFORE UPDATE OR DELETE ON ledger_entry
    FOR EACH ROW EXECUTE FUNCTION ledger_refuse();
CREATE TRIGGER ledger_transaction_kept BEFORE TRUNCATE ON ledger_transaction
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_keep();
CREATE TRIGGER ledger_entry_kept BEFORE TRUNCATE ON ledger_entry
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_keep();
"""

POSTGRESQL_REMOVE = """
DROP FUNCTION IF EXISTS ledger_check_seal() CASCADE;
DROP FUNCTION IF EXISTS ledger_check_entry() CASCADE;
DROP FUNCTION IF EXISTS ledger_refuse() CASCADE;
DROP FUNCTION IF EXISTS ledger_keep() CASCADE;
"""

SQLITE_TRIGGERS = {
    "ledger_seal": """
        BEFORE INSERT ON ledger_transaction BEGIN
            SELECT RAISE(ABORT, 'ledger: entries are two or more of one company and sum to zero')
            WHERE (
                SELECT COUNT(*) < 2 OR SUM(entry.amount) <> 0 OR MAX(
                    account.company_id <> NEW.company_id OR account.currency <> NEW.currency
                )
                FROM ledger_entry entry JOIN ledger_account account ON account.id = entry.account_id
                WHERE entry.transaction_id = NEW.id
            );
        END""",
    "ledger_entry_late": """
        BEFORE INSERT ON ledger_entry BEGIN
            SELECT RAISE(ABORT, 'ledger: the transaction is sealed')
            WHERE EXISTS (SELECT 1 FROM ledger_transaction WHERE id = NEW.transaction_id);
        END""",
    # REPLACE deletes the row in its way without a word to the triggers of DELETE.
    "ledger_transaction_replace": """
        BEFORE INSERT ON ledger_transaction BEGIN
            SELECT RAISE(ABORT, 'ledger: rows are never changed or deleted') WHERE EXISTS (
                SELECT 1 FROM ledger_transaction WHERE id = NEW.id
                UNION ALL SELECT 1 FROM ledger_transaction WHERE sequence = NEW.sequence
                UNION ALL SELECT 1 FROM ledger_transaction WHERE reverses_id = NEW.reverses_id
            );
        END""",
    "ledger_entry_replace": """
        BEFORE INSERT ON ledger_entry BEGIN
            SELECT RAISE(ABORT, 'ledger: rows are never changed or deleted')
            WHERE EXISTS (SELECT 1 FROM ledger_entry WHERE id = NEW.id);
        END""",
    **{
        f"ledger_{table}_{act.lower()}": f"""
        BEFORE {act} ON ledger_{table} BEGIN
            SELECT RAISE(ABORT, 'ledger: rows are never changed or deleted');
        END"""
        for table in ("transaction", "entry")
        for act in ("UPDATE", "DELETE")
    },
}

GUARD = Guard(POSTGRESQL_INSTALL, POSTGRESQL_REMOVE, SQLITE_TRIGGERS)
install, remove = GUARD.install, GUARD.remove
