// The room `Aggregates`: see docs/ARCHITECTURE.md.
