"""How a language model takes part in a conversation: what it is told, what it may call, and what it may say.

history ─► model ─► tools (the desk's) ─► what they found, as facts with tokens ─► sentences ─► guard ─► said
"""
