"""The steps from one form of the store's tables to the next, shipped with the package and run on opening a store."""
