"""Header aliases of the CRMs that have a reader of their own."""
