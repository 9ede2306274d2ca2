"""The toolbox of tables: field types and query pieces that every room may use."""
