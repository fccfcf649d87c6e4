// An interaction may name the one that it replaces: whether one still counts is asked by that name.
CREATE INDEX interacted_replaces IF NOT EXISTS FOR ()-[r:INTERACTED]-() ON (r.replaces);
CREATE INDEX responded_replaces IF NOT EXISTS FOR ()-[r:RESPONDED]-() ON (r.replaces);
