-- Entries that tell the same article. A story that was taken into another one keeps its number, which leads there.
create table story (
    id                integer primary key autoincrement,
    changed_at        integer not null,
    merged_into       integer
) strict;

create index story_by_change on story (changed_at, id) where merged_into is null;

-- The entries of a story; place 0 leads. "named_source" is where the entry says that it has its text from.
create table story_entry (
    entry_id          integer primary key references entry on delete cascade,
    story_id          integer not null references story,
    place             integer not null,
    named_source      text
) strict;

create index story_entry_of_story on story_entry (story_id, place);

-- What entries find each other by: hashes of a few of their shingles and of their address, for thirty days.
create table story_shingle (
    hash              integer not null,
    entry_id          integer not null references entry on delete cascade,
    primary key (hash, entry_id)
) strict, without rowid;

create index story_shingle_of_entry on story_shingle (entry_id);

-- What admins decided about two entries. It stays for ever, whatever becomes of them: numbers of entries never come back.
create table story_decision (
    entry_id          integer not null,
    other_id          integer not null,
    is_same           integer not null,
    decided_at        integer not null,
    decided_by        text    not null,
    primary key (entry_id, other_id)
) strict, without rowid;

create index story_decision_of_other on story_decision (other_id);

-- What came or changed and was not compared yet. An entry may wait more than once.
create table story_queue (
    number            integer primary key autoincrement,
    entry_id          integer not null
) strict;

create trigger entry_to_stories after insert on entry begin
    insert into story_queue (entry_id) values (new.id);
end;

create trigger entry_to_stories_again after update of version, body_number on entry begin
    insert into story_queue (entry_id) values (new.id);
end;

-- What a story was found by may have stood in the index for this entry only.
create trigger story_without after delete on story_entry begin
    insert into story_queue (entry_id) select entry_id from story_entry where story_id = old.story_id;
end;

insert into story_queue (entry_id)
select id from entry where first_seen_at > (select max(first_seen_at) from entry) - 2592000000 order by id;
