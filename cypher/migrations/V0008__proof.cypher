// Each 64 transactions leave a page of their tokens, by which a mirror knows this ledger's history from that of a backup
// which was put back and written to. A mirror from before has no token, and is read anew.
CREATE CONSTRAINT ledger_page_seq IF NOT EXISTS FOR (p:LedgerPage) REQUIRE p.seq IS UNIQUE;
