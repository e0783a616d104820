-- Entries that left the index, came into it again or changed what a search asks of them there. What every process has of the index in memory follows it.
create table search_change (
    number            integer primary key autoincrement,
    entry_id          integer not null,
    changed_at        integer not null default (unixepoch() * 1000)
) strict;

create trigger search_place_changed after update on search_place when new.generation <> old.generation or new.wishes <> old.wishes begin
    insert into search_change (entry_id) values (new.entry_id);
end;

create trigger search_place_gone after delete on search_place begin
    insert into search_change (entry_id) values (old.entry_id);
end;

-- 著, 瞭 and others fold to 着 and 了 now: everything is brought into the index anew by the job beside, the newest first.
insert into search_queue (entry_id) select id from entry order by id desc;
