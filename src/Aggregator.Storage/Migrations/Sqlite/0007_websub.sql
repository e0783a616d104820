-- Our subscriptions at other people's hubs (WebSub). A removed source leaves its rows behind until the hub was told.

create table hub_subscription (
    id                integer primary key autoincrement,
    revision          integer not null default 0,
    source_id         integer references source on delete set null,
    hub_url           text    not null,
    topic_url         text    not null,
    token             text    not null unique,
    secret            text    not null,
    callback_base     text,
    state             integer not null,
    is_announced      integer not null,
    lease_until       integer,
    requested_at      integer,
    verified_at       integer,
    last_push_at      integer,
    last_ping_at      integer,
    next_attempt_at   integer not null,
    attempts          integer not null,
    misses            integer not null,
    bad_signatures    integer not null,
    failure           text
) strict;

create index hub_subscription_by_source on hub_subscription (source_id);
create index hub_subscription_due on hub_subscription (next_attempt_at);

-- What the source names, and until when a hub that we rely on pushes it.
alter table source add column hub_url text;
alter table source add column hub_topic text;
alter table source add column push_until integer;
