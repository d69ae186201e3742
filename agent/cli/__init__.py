"""The command `salesbrief`: one small module per command; each imports what it needs when it runs."""
