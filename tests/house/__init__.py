"""The house's own rules: what no type checker and no linter looks at."""
