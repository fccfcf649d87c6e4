// What records came from: each carries the number of the source that first gave it, and of another one that gave it, too.
CREATE CONSTRAINT source_digest IF NOT EXISTS FOR (s:Source) REQUIRE s.digest IS UNIQUE;
CREATE CONSTRAINT source_number IF NOT EXISTS FOR (s:Source) REQUIRE s.number IS UNIQUE;
