-- Entries that left the index, came into it again or changed what a search asks of them there. What every process has of the index in memory follows it.
-- The number is the transaction's: what will be committed yet has none below that of the oldest one that still runs.
create table search_change (
    number            bigint   not null default pg_current_xact_id()::text::bigint,
    entry_id          bigint   not null,
    changed_at        bigint   not null default (extract(epoch from clock_timestamp()) * 1000)::bigint,
    primary key (number, entry_id)
);

create function search_place_changes() returns trigger language plpgsql as $$
begin
    insert into search_change (entry_id) values (old.entry_id) on conflict do nothing;
    return null;
end $$;

create trigger search_place_changed after update on search_place for each row
    when (new.generation <> old.generation or new.wishes <> old.wishes) execute function search_place_changes();
create trigger search_place_gone after delete on search_place for each row execute function search_place_changes();

-- 著, 瞭 and others fold to 着 and 了 now: everything is brought into the index anew by the job beside, the newest first.
insert into search_queue (entry_id) select id from entry order by id desc;
