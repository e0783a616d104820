-- A deleted source is hidden at once and can come back until it is purged: "deleted_state" is what it then is again.
alter table source add column deleted_at integer;
alter table source add column deleted_state integer;
-- How many fetches there were, and how long the last one took.
alter table source add column fetch_count integer not null default 0;
alter table source add column last_fetch_ms integer;
-- What lists are sorted by.
alter table source add column list_title text
    generated always as (lower(substr(coalesce(nullif(title, ''), nullif(feed_title, ''), url), 1, 200))) virtual;

create index source_by_title on source (list_title, id);
create index source_by_success on source (coalesce(last_success_at, 0), id);
create index source_by_change on source (coalesce(last_change_at, created_at)) where state = 1 and failure_count = 0;
create index source_failing on source (failure_count, id) where failure_count > 0;
create index source_slow on source (last_fetch_ms, id) where last_fetch_ms >= 5000;
create index source_deleted on source (deleted_at, id) where state = 4;
drop index source_due;
create index source_due on source (next_fetch_at, id) where state = 1;

-- The last fetches of each source, fifty rows that are written round and round.
create table fetch_log (
    source_id         integer not null references source on delete cascade,
    slot              integer not null,
    number            integer not null,
    at                integer not null,
    kind              integer not null,
    duration_ms       integer,
    status            integer,
    bytes             integer,
    redirects         integer not null,
    added             integer not null,
    changed           integer not null,
    failure_kind      integer,
    failure_message   text,
    primary key (source_id, slot)
) strict, without rowid;

-- How many entries a source brought on a day (UTC, days since 1970-01-01).
create table source_day (
    source_id         integer not null references source on delete cascade,
    day               integer not null,
    added             integer not null,
    primary key (source_id, day)
) strict, without rowid;

create index source_day_by_day on source_day (day, added);

insert into source_day (source_id, day, added)
select source_id, first_seen_at / 86400000, count(*) from entry
where first_seen_at > (select max(first_seen_at) from entry) - 31 * 86400000
group by source_id, first_seen_at / 86400000;
