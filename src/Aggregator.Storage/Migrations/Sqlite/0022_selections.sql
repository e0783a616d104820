-- What visitors follow, under tokens of which only the hashes stand here. "used_at" is the day of the last use and no finer;
-- "seen_at" is the newest that an earlier visit has shown, "newest_at" the newest that this one has, "visit_at" its half hour.
create table selection (
    id                integer primary key autoincrement,
    token_hash        blob    not null unique,
    used_at           integer not null,
    seen_at           integer not null,
    newest_at         integer not null,
    visit_at          integer not null
) strict;

create index selection_by_use on selection (used_at);

create table selection_topic (
    id                integer primary key autoincrement,
    selection_id      integer not null references selection on delete cascade,
    category_id       integer references category on delete cascade,
    source_id         integer references source on delete cascade,
    query             text,
    check ((category_id is not null) + (source_id is not null) + (query is not null) = 1)
) strict;

create index selection_topic_of_selection on selection_topic (selection_id, id);
create unique index selection_topic_category on selection_topic (selection_id, category_id) where category_id is not null;
create unique index selection_topic_source on selection_topic (selection_id, source_id) where source_id is not null;
create unique index selection_topic_query on selection_topic (selection_id, query) where query is not null;
create index selection_topic_of_category on selection_topic (category_id) where category_id is not null;
create index selection_topic_of_source on selection_topic (source_id) where source_id is not null;
