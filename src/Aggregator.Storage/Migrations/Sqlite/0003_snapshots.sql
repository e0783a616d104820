-- Every version of an entry. The row stays for ever: it has no foreign key, because hash and fact outlive the entry, retention and take-down.
create table snapshot (
    id                integer primary key autoincrement,
    entry_id          integer not null,
    number            integer not null,
    kind              integer not null,
    captured_at       integer not null,
    title             text,
    published_at      integer,
    changes           integer not null,
    content_hash      blob    not null,
    sha256            blob    not null,
    final_url         text,
    status            integer,
    etag              text,
    last_modified     text,
    -- why its text is no longer kept: 1 thinned, 2 its entry expired, 3 taken down
    removal           integer
) strict;

create unique index snapshot_by_number on snapshot (entry_id, number);
create unique index snapshot_by_time on snapshot (entry_id, captured_at);

-- The text, which retention and take-down delete.
create table snapshot_document (
    snapshot_id       integer primary key,
    document          blob    not null
) strict;

-- A day's proof: the snapshots from first_id to last_id. Days are written 20260301.
create table seal (
    day               integer primary key,
    first_id          integer not null,
    last_id           integer not null,
    count             integer not null,
    root              blob    not null,
    previous_day      integer,
    previous          blob,
    sealed_at         integer not null
) strict;

create unique index seal_by_last on seal (last_id);

alter table entry add column body_number integer not null default 1;

-- The few entries that have versions to thin.
create index entry_revised on entry (id, source_id) where version > 2;

-- How much of what a source's entries say changes from poll to poll, in thousandths.
alter table source add column churn integer not null default 0;

-- The link first: entries are asked for by their link over all sources too.
drop index entry_by_url;
create index entry_by_url on entry (url_hash, source_id) where url_hash is not null;
