-- The index of searches is ours, and the same on both databases: segments that never change, each of blocks of terms with lists of documents.
-- Everything is brought into it anew by the job beside, the newest first.
drop table search_index, search_version_index;
truncate search_queue;

create table search_segment (
    id                bigint   generated always as identity primary key,
    of_versions       integer  not null,
    documents         integer  not null,
    bytes             bigint   not null,
    numbers           bytea    not null,
    directory         bytea    not null
);

-- Its number is the segment's, and in the lower twenty bits its place in it.
create table search_block (
    id                bigint   primary key,
    data              bytea    not null
);

-- Packed already.
alter table search_block alter column data set storage external;

-- With which segment an entry came into the index last (generation), and what a search needs of each candidate: the rows of entries are wide.
create table search_place (
    entry_id          bigint   primary key references entry on delete cascade,
    generation        bigint   not null,
    sort_at           bigint   not null,
    source_id         bigint   not null,
    wishes            integer  not null
);

create table search_version_place (
    snapshot_id       bigint   primary key references snapshot_document on delete cascade,
    generation        bigint   not null
);

-- What a publisher asks for holds at once, also where the text is the same as before and is not indexed again.
create or replace function wishes_to_place() returns trigger language plpgsql as $$
begin
    update search_place set wishes = new.wishes where entry_id = new.id;
    return null;
end $$;

insert into search_queue (entry_id) select id from entry order by id desc;
