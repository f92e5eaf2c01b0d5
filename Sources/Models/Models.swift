// The room `Models`: see docs/ARCHITECTURE.md.
