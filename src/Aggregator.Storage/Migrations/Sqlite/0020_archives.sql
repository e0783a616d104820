-- What came, changed and was taken down in each topic, numbered in the order in which it became visible. An entry has at most two rows in
-- a topic: its first, which stays, and that of its last change. Rows leave with what they are of.
create table topic_change (
    kind              integer not null,
    topic_id          integer not null,
    number            integer not null,
    entry_id          integer references entry on delete cascade,
    tombstone_id      integer references tombstone on delete cascade,
    is_again          integer not null,
    primary key (kind, topic_id, number)
) strict, without rowid;

create unique index topic_change_of_entry on topic_change (entry_id, kind, topic_id, is_again);
create unique index topic_change_of_tombstone on topic_change (tombstone_id, kind, topic_id);

-- The pages of archives that are full: page n is what lies behind page n - 1, up to its last number, and never anything else.
create table topic_page (
    kind              integer not null,
    topic_id          integer not null,
    number            integer not null,
    last_number       integer not null,
    newest_at         integer not null,
    primary key (kind, topic_id, number)
) strict, without rowid;

create unique index topic_page_by_last on topic_page (kind, topic_id, last_number);

create trigger category_out_of_archives after delete on category begin
    delete from topic_page where kind = 2 and topic_id = old.id;
end;

create trigger source_out_of_archives after delete on source begin
    delete from topic_page where kind = 3 and topic_id = old.id;
end;

-- One row: the last number given.
create table topic_clock (
    id                integer primary key,
    position          integer not null
) strict;

insert into topic_clock (id, position) values (1, 0);

-- What waits for its numbers. With a category it was put into that one; an entry may wait more than once.
create table topic_queue (
    number            integer primary key autoincrement,
    entry_id          integer,
    tombstone_id      integer,
    category_id       integer
) strict;

create index topic_queue_of_entry on topic_queue (entry_id);

create trigger entry_to_archives after insert on entry begin
    insert into topic_queue (entry_id) values (new.id);
end;

create trigger entry_to_archives_again after update of version, body_number on entry begin
    insert into topic_queue (entry_id) values (new.id);
end;

-- Whoever waits anyway is looked for in all categories.
create trigger place_to_archives after insert on category_entry
when not exists (select 1 from topic_queue where entry_id = new.entry_id and category_id is null) begin
    insert into topic_queue (entry_id, category_id) values (new.entry_id, new.category_id);
end;

create trigger tombstone_to_archives after insert on tombstone begin
    insert into topic_queue (tombstone_id) values (new.entry_id);
end;

insert into topic_queue (entry_id) select id from entry order by id;
insert into topic_queue (tombstone_id) select entry_id from tombstone order by removed_at, entry_id;
