-- How long what is of a source or of a category is kept, as far as admins set it; null leaves it to the others, 0 is for ever.
create table retention (
    source_id         integer unique references source on delete cascade,
    category_id       integer unique references category on delete cascade,
    entry_days        integer,
    entry_count       integer,
    version_days      integer,
    version_count     integer,
    check ((source_id is null) <> (category_id is null))
) strict;

-- Read on from a place.
drop index entry_left;
create index entry_left on entry (first_seen_at, id) where left_at is not null;

-- Refused requests whose texts are still there.
create index takedown_request_refused on takedown_request (decided_at) where state = 3 and title is not null;

-- The newest version of a topic that was published with a date, in whole seconds; see ITopicStore.
create table topic_date (
    kind              integer not null,
    topic_id          integer not null,
    number            integer not null,
    modified_at       integer not null,
    primary key (kind, topic_id)
) strict, without rowid;

-- What protects cookies and forms on all nodes.
create table protection_key (
    id                integer primary key autoincrement,
    name              text    not null,
    xml               text    not null,
    created_at        integer not null
) strict;
