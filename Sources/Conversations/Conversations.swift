// The room `Conversations`: see docs/ARCHITECTURE.md.
