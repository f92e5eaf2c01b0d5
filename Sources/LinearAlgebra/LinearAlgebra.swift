// The room `LinearAlgebra`: see docs/ARCHITECTURE.md.
