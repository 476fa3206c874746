"""One Postgres for everything: embedded or by address, one pool, named queries, migrations."""
