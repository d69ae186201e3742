-- placed_changes: deal_changes, each with the place of its deal
-- from: deal_changes, placed_deals
SELECT c.*, d.place FROM deal_changes c LEFT JOIN placed_deals d ON d.deal_id = c.deal
