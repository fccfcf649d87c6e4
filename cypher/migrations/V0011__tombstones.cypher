// Who was forgotten is known by a keyed hash; an erasure that was cut off is still pending.
CREATE CONSTRAINT tombstone_id IF NOT EXISTS FOR (t:Tombstone) REQUIRE t.id IS UNIQUE;
