-- What others subscribe to at our hub (WebSub), who does, and what is to be done for them. Times are unix milliseconds.

create table hub_topic (
    id                integer primary key autoincrement,
    url               text    not null unique,
    kind              integer not null,
    topic_id          integer not null,
    query             text,
    format            integer not null
) strict;

create index hub_topic_of on hub_topic (kind, topic_id);

-- A callback may have several subscriptions; when it fails, all of them wait.
create table hub_callback (
    id                integer primary key autoincrement,
    url               text    not null unique,
    host              text    not null,
    failures          integer not null,
    open_until        integer
) strict;

create index hub_callback_of_host on hub_callback (host);

-- position is the last change that was delivered, target the last one that there is; due_at is empty when nothing waits, and the end
-- of the claim while somebody is at it.
create table hub_subscriber (
    id                integer primary key autoincrement,
    topic_id          integer not null references hub_topic on delete cascade,
    callback_id       integer not null references hub_callback on delete cascade,
    secret            text,
    client            text,
    created_at        integer not null,
    lease_until       integer not null,
    position          integer not null,
    target            integer not null,
    due_at            integer,
    behind_since      integer,
    claim_owner       text,
    attempts          integer not null,
    delivered         integer not null,
    last_delivery_at  integer,
    status            integer,
    failure           text,
    unique (topic_id, callback_id)
) strict;

create index hub_subscriber_due on hub_subscriber (due_at) where due_at is not null;
create index hub_subscriber_of_callback on hub_subscriber (callback_id);
create index hub_subscriber_of_client on hub_subscriber (client) where client is not null;
create index hub_subscriber_lease on hub_subscriber (lease_until);
create index hub_subscriber_failing on hub_subscriber (id) where attempts > 0;

-- Questions that callbacks are to be asked, and denials that they are to be told: mode 1, 2 and 3.
create table hub_intent (
    id                integer primary key autoincrement,
    topic_id          integer not null references hub_topic on delete cascade,
    callback          text    not null,
    host              text    not null,
    mode              integer not null,
    secret            text,
    lease             integer not null,
    client            text,
    reason            text,
    asked_at          integer not null,
    due_at            integer not null,
    claim_owner       text,
    unique (topic_id, callback)
) strict;

create index hub_intent_due on hub_intent (due_at);
create index hub_intent_of_host on hub_intent (host);
create index hub_intent_of_client on hub_intent (client) where client is not null;

-- What changed, numbered in the order in which it became visible: numbers of snapshots are given before their transactions commit. A
-- negative snapshot stands for an entry that was taken down.
create table hub_change (
    id                integer primary key,
    snapshot_id       integer not null unique,
    entry_id          integer not null,
    noted_at          integer not null
) strict;

create index hub_change_of_entry on hub_change (entry_id);

-- One row: the last number given, and below which number every snapshot has been seen.
create table hub_clock (
    id                integer primary key,
    position          integer not null,
    floor             integer not null,
    next_floor        integer not null,
    next_floor_at     integer not null
) strict;

insert into hub_clock (id, position, floor, next_floor, next_floor_at) values (1, 0, 0, 0, 0);
