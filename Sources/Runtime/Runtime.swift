// The room `Runtime`: see docs/ARCHITECTURE.md.
