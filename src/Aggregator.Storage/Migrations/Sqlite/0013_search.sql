-- The index of what entries say now (row: the entry's number) and of what their earlier versions said (row: the snapshot's number). The texts
-- are not in it, and no places in them: terms are made by us, and what is shown is checked against the text.
create virtual table search_index using fts5 (terms, content='', contentless_delete=1, detail=none, tokenize='ascii');
create virtual table search_version_index using fts5 (terms, content='', contentless_delete=1, detail=none, tokenize='ascii');

-- What came or changed and is not in the index yet. An entry may wait more than once.
create table search_queue (
    number            integer primary key autoincrement,
    entry_id          integer not null
) strict;

create trigger entry_to_index after insert on entry begin
    insert into search_queue (entry_id) values (new.id);
end;

create trigger entry_to_index_again after update of version, body_number on entry begin
    insert into search_queue (entry_id) values (new.id);
end;

create trigger entry_out_of_index after delete on entry begin
    delete from search_index where rowid = old.id;
end;

create trigger document_out_of_index after delete on snapshot_document begin
    delete from search_version_index where rowid = old.snapshot_id;
end;

insert into search_queue (entry_id) select id from entry order by id;
