// The room `Records`: see docs/ARCHITECTURE.md.
