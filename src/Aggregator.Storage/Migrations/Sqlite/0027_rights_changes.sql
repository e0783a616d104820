-- Sources whose level changed: all their entries count as changed in the archives of topics. They are noted a batch at a time, in their order
-- in the source, and here stands how far that has come. Another change of the level begins again.
create table rights_queue (
    source_id         integer primary key references source on delete cascade,
    sort_at           integer not null default -9000000000000000,
    entry_id          integer not null default 0
) strict;

create trigger source_level_to_archives after update of republish, publisher_agrees, category_republish, feed_wishes on source
when new.level <> old.level begin
    insert into rights_queue (source_id) values (new.id)
    on conflict (source_id) do update set sort_at = excluded.sort_at, entry_id = excluded.entry_id;
end;

-- What a publisher asks for one entry makes no version of it, but another entry for those who follow.
create trigger entry_wishes_to_archives after update of wishes on entry when new.wishes <> old.wishes begin
    insert into topic_queue (entry_id) values (new.id);
end;
