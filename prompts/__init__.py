"""Prompts, sections, roles, tones and languages: data with a strict loader. Imports nothing of ours."""
