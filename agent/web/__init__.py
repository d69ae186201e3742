"""The web pages: conversations, drafts, figures opened to their records, reports. Server-rendered, nothing fetched."""
