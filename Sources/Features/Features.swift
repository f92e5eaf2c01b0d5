// The room `Features`: see docs/ARCHITECTURE.md.
