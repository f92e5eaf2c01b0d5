// The room `Warehouse`: see docs/ARCHITECTURE.md.
