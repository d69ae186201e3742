"""Mappings that ship with the product, one TOML file per kind of export."""
