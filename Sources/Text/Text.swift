// The room `Text`: see docs/ARCHITECTURE.md.
