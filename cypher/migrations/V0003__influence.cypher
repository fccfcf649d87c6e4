// Learned influences are read, and swept, by the run they are from.
CREATE INDEX influences_run IF NOT EXISTS FOR ()-[i:INFLUENCES]-() ON (i.runId);
