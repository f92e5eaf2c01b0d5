// The room `Pipeline`: see docs/ARCHITECTURE.md.
