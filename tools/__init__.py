"""Facts: deterministic tools that read CRM data and compute metrics with the records behind them."""
