-- The index of searches has triples of characters too, so that it knows by itself what fits; every row is made anew by the job beside, the
-- newest first. What a search needs of each of its candidates stands in a narrow table: the rows of entries are wide.
drop trigger entry_out_of_index;
drop trigger document_out_of_index;
drop table search_index;
drop table search_version_index;
delete from search_queue;

create virtual table search_index using fts5 (terms, content='', contentless_delete=1, detail=none, tokenize='ascii');
create virtual table search_version_index using fts5 (terms, content='', contentless_delete=1, detail=none, tokenize='ascii');

create table search_place (
    entry_id          integer primary key references entry on delete cascade,
    sort_at           integer not null,
    source_id         integer not null,
    wishes            integer not null
) strict;

-- What a publisher asks for holds at once, also where the text is the same as before and is not indexed again.
create trigger entry_wishes_to_place after update of wishes on entry when new.wishes <> old.wishes begin
    update search_place set wishes = new.wishes where entry_id = new.id;
end;

create trigger entry_out_of_index after delete on entry begin
    delete from search_index where rowid = old.id;
end;

create trigger document_out_of_index after delete on snapshot_document begin
    delete from search_version_index where rowid = old.snapshot_id;
end;

insert into search_queue (entry_id) select id from entry order by id desc;
