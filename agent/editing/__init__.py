"""Edits as patches: chosen sections get new words, and no fact, no shortfall and no other byte can get lost by it."""
