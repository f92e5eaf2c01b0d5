// The room `Privacy`: see docs/ARCHITECTURE.md.
