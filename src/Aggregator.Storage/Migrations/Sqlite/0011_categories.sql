-- Addresses that a category once had: they lead to it for ever, and no other category can take one.
create table category_slug (
    slug              text    not null primary key,
    category_id       integer not null references category on delete cascade,
    replaced_at       integer not null
) strict, without rowid;

create index category_slug_of_category on category_slug (category_id);

-- Routing rules as their admin wrote them, one a line.
alter table category add column rules text;
alter table source add column rules text;

-- What the rules did with an entry, in the words that they had then.
create table entry_route (
    entry_id          integer not null references entry on delete cascade,
    place             integer not null,
    rule              text    not null,
    category_id       integer,
    tag               text,
    routed_at         integer not null,
    primary key (entry_id, place)
) strict, without rowid;

-- What the rules kept out: enough to know it again at the next poll, and to show it. Its text is not kept.
create table dropped_entry (
    source_id         integer not null references source on delete cascade,
    key               text    not null,
    title             text    not null,
    url               text,
    url_hash          integer,
    rule              text    not null,
    dropped_at        integer not null,
    last_seen_at      integer not null,
    primary key (source_id, key)
) strict, without rowid;

create index dropped_entry_by_time on dropped_entry (source_id, dropped_at);
create index dropped_entry_by_url on dropped_entry (url_hash) where url_hash is not null;

-- Subscription lists on their way in; "document" goes when the import ends, "report" is what came of it.
create table subscription_import (
    id                integer primary key autoincrement,
    name              text    not null,
    created_at        integer not null,
    finished_at       integer,
    done              integer not null,
    total             integer not null,
    document          blob,
    report            text
) strict;
