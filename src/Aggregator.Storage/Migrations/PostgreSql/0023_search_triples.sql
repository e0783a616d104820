-- The index of searches has triples of characters too, so that it knows by itself what fits; every row is made anew by the job beside, the
-- newest first. What a search needs of each of its candidates stands beside the terms: the rows of entries are wide.
truncate search_index, search_version_index, search_queue;

alter table search_index add column sort_at bigint not null;
alter table search_index add column source_id bigint not null;
alter table search_index add column wishes integer not null;

-- What a publisher asks for holds at once, also where the text is the same as before and is not indexed again.
create function wishes_to_place() returns trigger language plpgsql as $$
begin
    update search_index set wishes = new.wishes where id = new.id;
    return null;
end $$;

create trigger entry_wishes_to_place after update of wishes on entry
    for each row when (new.wishes <> old.wishes) execute function wishes_to_place();

insert into search_queue (entry_id) select id from entry order by id desc;
