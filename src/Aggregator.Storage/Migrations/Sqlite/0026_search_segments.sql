-- The index of searches is ours, and the same on both databases: segments that never change, each of blocks of terms with lists of documents.
-- Everything is brought into it anew by the job beside, the newest first.
drop trigger entry_out_of_index;
drop trigger document_out_of_index;
drop trigger entry_wishes_to_place;
drop table search_index;
drop table search_version_index;
drop table search_place;
delete from search_queue;

-- A number is never given again: what is known of a segment is kept in memory by it.
create table search_segment (
    id                integer primary key autoincrement,
    of_versions       integer not null,
    documents         integer not null,
    bytes             integer not null,
    numbers           blob not null,
    directory         blob not null
) strict;

-- Its number is the segment's, and in the lower twenty bits its place in it.
create table search_block (
    id                integer primary key,
    data              blob not null
) strict;

-- With which segment an entry came into the index last (generation), and what a search needs of each candidate: the rows of entries are wide.
create table search_place (
    entry_id          integer primary key references entry on delete cascade,
    generation        integer not null,
    sort_at           integer not null,
    source_id         integer not null,
    wishes            integer not null
) strict;

create table search_version_place (
    snapshot_id       integer primary key references snapshot_document on delete cascade,
    generation        integer not null
) strict;

-- What a publisher asks for holds at once, also where the text is the same as before and is not indexed again.
create trigger entry_wishes_to_place after update of wishes on entry when new.wishes <> old.wishes begin
    update search_place set wishes = new.wishes where entry_id = new.id;
end;

insert into search_queue (entry_id) select id from entry order by id desc;
