-- What visitors ask to have taken down. The texts are gone once the article's are.
create table takedown_request (
    id                integer primary key autoincrement,
    entry_id          integer not null,
    title             text,
    url               text,
    reason            integer not null,
    message           text,
    contact           text,
    received_at       integer not null,
    state             integer not null,
    note              text,
    decided_at        integer,
    decided_by        text
) strict;

create index takedown_request_of_entry on takedown_request (entry_id);
create index takedown_request_open on takedown_request (id) where state = 1;

-- The mark of an entry that was taken down; "kept" is its row, to undo with, until it is purged.
create table tombstone (
    entry_id          integer primary key,
    source_id         integer not null,
    request_id        integer not null,
    is_legal          integer not null,
    removed_at        integer not null,
    purge_at          integer not null,
    purged_at         integer,
    kept              blob
) strict;

create index tombstone_by_time on tombstone (removed_at, entry_id);
create index tombstone_of_source on tombstone (source_id, removed_at);
create index tombstone_of_request on tombstone (request_id);
create index tombstone_to_purge on tombstone (purge_at) where purged_at is null;

-- Where it stood: apart from the text, for feeds tell of it longer than the text is kept.
create table tombstone_category (
    category_id       integer not null,
    entry_id          integer not null references tombstone on delete cascade,
    primary key (category_id, entry_id)
) strict, without rowid;

create index tombstone_category_by_entry on tombstone_category (entry_id);

-- What is never stored again: hashes, so that no text is kept for it.
create table blocked (
    hash              text    not null primary key,
    request_id        integer not null
) strict, without rowid;

create index blocked_by_request on blocked (request_id);
