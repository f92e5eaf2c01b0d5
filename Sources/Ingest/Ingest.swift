// The room `Ingest`: see docs/ARCHITECTURE.md.
