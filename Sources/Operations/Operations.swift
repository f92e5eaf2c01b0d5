// The room `Operations`: see docs/ARCHITECTURE.md.
