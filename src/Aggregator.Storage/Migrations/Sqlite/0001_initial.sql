-- Times are unix milliseconds. "autoincrement": numbers of entries are published and must never come back for another.

create table source (
    id                integer primary key autoincrement,
    url               text    not null unique,
    -- what admins set
    title             text,
    state             integer not null,
    default_zone      text,
    default_language  text,
    -- what the feed says of itself
    feed_title        text,
    feed_description  text,
    feed_site_url     text,
    feed_id           text,
    feed_language     text,
    feed_rights       text,
    feed_format       text,
    feed_updated_at   integer,
    -- what to ask next time
    etag              text,
    last_modified     text,
    body_hash         blob,
    validators_at     integer,
    parser_version    integer not null,
    identity_rule     integer not null,
    -- schedule and lease
    next_fetch_at     integer not null,
    schedule_reason   text,
    typical_gap       integer,
    newest_at         integer,
    lease_owner       text,
    lease_until       integer,
    -- health
    last_fetch_at     integer,
    last_success_at   integer,
    last_change_at    integer,
    last_document_at  integer,
    failure_count     integer not null,
    failure_kind      integer,
    failure_message   text,
    failure_at        integer,
    failure_status    integer,
    health_note       text,
    created_at        integer not null
) strict;

create index source_due on source (next_fetch_at) where state = 1;

create table category (
    id                integer primary key autoincrement,
    slug              text    not null unique,
    title             text    not null,
    description       text,
    language          text    not null,
    show_attribution  integer not null,
    position          integer not null
) strict;

create table category_source (
    category_id       integer not null references category on delete cascade,
    source_id         integer not null references source on delete cascade,
    primary key (source_id, category_id)
) strict, without rowid;

create index category_source_by_category on category_source (category_id, source_id);

-- What lists show. Bodies stand apart, so that renewing a last-seen mark moves a small row.
create table entry (
    id                integer primary key autoincrement,
    source_id         integer not null references source on delete cascade,
    key               text    not null,
    guid              text,
    url               text,
    url_hash          integer,
    title             text    not null,
    summary           text,
    authors           text,
    tags              text,
    enclosures        text,
    image_url         text,
    language          text,
    published_at      integer,
    updated_at        integer,
    rights            text,
    claimed_title     text,
    claimed_url       text,
    content_hash      blob    not null,
    first_seen_at     integer not null,
    captured_at       integer not null,
    last_seen_at      integer not null,
    left_at           integer,
    version           integer not null,
    sort_at           integer not null,
    unique (source_id, key)
) strict;

-- The condition holds for every entry. It keeps this index from the lists of one source, which say nothing of versions:
-- PostgreSQL would otherwise look for the entries of a frequent source among everybody's.
create index entry_everything on entry (sort_at, id) where version > 0;
create index entry_of_source on entry (source_id, sort_at, id);
create index entry_by_url on entry (source_id, url_hash) where url_hash is not null;
-- An entry is held by its source's newest document until a document without it says that it left.
create index entry_held on entry (source_id) where left_at is null;
create index entry_left on entry (first_seen_at) where left_at is not null;

create table entry_content (
    entry_id          integer primary key references entry on delete cascade,
    content           text    not null
) strict;

-- "The latest 50 of a category" is one range of this table's own order.
create table category_entry (
    category_id       integer not null references category on delete cascade,
    sort_at           integer not null,
    entry_id          integer not null references entry on delete cascade,
    primary key (category_id, sort_at, entry_id)
) strict, without rowid;

create index category_entry_by_entry on category_entry (entry_id);

-- How often a topic changed: the sum over its shards, so that refreshes of different sources seldom wait for one row.
create table topic_version (
    kind              integer not null,
    topic_id          integer not null,
    shard             integer not null,
    number            integer not null,
    changed_at        integer not null,
    primary key (kind, topic_id, shard)
) strict, without rowid;

create table admin (
    id                integer primary key autoincrement,
    name              text    not null,
    name_key          text    not null unique,
    password_hash     text    not null,
    created_at        integer not null
) strict;

create table mark (
    name              text    not null primary key,
    value             text    not null
) strict, without rowid;
