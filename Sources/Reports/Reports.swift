// The room `Reports`: see docs/ARCHITECTURE.md.
