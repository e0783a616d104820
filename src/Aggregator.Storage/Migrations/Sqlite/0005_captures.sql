-- What admins want of the pages of a source's articles, as JSON; null for nothing.
alter table source add column capture text;

-- The pages that are looked at, by entry: when next, who is at it, and what came of the last look. They come in with the
-- refresh that stores the entry, in its transaction, and leave with the entry.
create table capture (
    entry_id          integer primary key references entry on delete cascade,
    source_id         integer not null references source on delete cascade,
    -- "name:port" of the entry's link
    host              text,
    due_at            integer,
    state             integer not null,
    attempts          integer not null,
    lease_owner       text,
    lease_until       integer,
    outcome           integer,
    reason            text,
    looked_at         integer,
    captured_at       integer,
    etag              text,
    last_modified     text
) strict;

create index capture_due on capture (due_at) where due_at is not null;
create index capture_of_source on capture (source_id, state);
create index capture_failed on capture (source_id, looked_at) where reason is not null;
