-- Titles and addresses by what stands anywhere in them, for the admin's list: three characters and more are found by this index. It holds no
-- text of its own, and is written when a title or an address changes and at no other refresh.
create virtual table source_text using fts5 (title, url, content='', contentless_delete=1, tokenize='trigram');

create trigger source_into_text after insert on source begin
    insert into source_text (rowid, title, url) values (new.id, new.list_title, new.url);
end;

create trigger source_text_again after update of title, feed_title, url on source
when new.list_title is not old.list_title or new.url is not old.url begin
    delete from source_text where rowid = old.id;
    insert into source_text (rowid, title, url) values (new.id, new.list_title, new.url);
end;

create trigger source_out_of_text after delete on source begin
    delete from source_text where rowid = old.id;
end;

insert into source_text (rowid, title, url) select id, list_title, url from source;

-- The few that are not fetched: their lists and their numbers are not looked for among those that are.
create index source_paused on source (list_title, id) where state = 2;
create index source_gone on source (list_title, id) where state = 3;
