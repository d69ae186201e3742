-- placed_deals: deals, each with its place: by that a prepared workspace sorts what it keeps about deals, so that those of one
-- person lie together (`tools.prepared`); elsewhere a deal's id does
-- from: deals
SELECT d.*, d.deal_id AS place FROM deals d
