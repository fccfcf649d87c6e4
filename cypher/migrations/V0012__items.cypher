// An interaction may name the item of the brand that it is about: who took it up is asked by that name.
CREATE INDEX interacted_item IF NOT EXISTS FOR ()-[r:INTERACTED]-() ON (r.item);
CREATE INDEX responded_item IF NOT EXISTS FOR ()-[r:RESPONDED]-() ON (r.item);
