-- Titles and addresses by what stands anywhere in them, for the admin's list. It stands beside the sources: every refresh would write an index
-- over their own rows anew. Pairs of characters and not pg_trgm, which an operator would have to install, and which finds no word of two.
create table source_text (
    source_id         bigint primary key references source on delete cascade,
    text              text   not null
);

create function source_pairs(text) returns text[] language sql immutable strict parallel safe as $$
    select coalesce(array_agg(distinct substr($1, n, 2)), '{}') from generate_series(1, length($1) - 1) as n
$$;

create index source_text_pairs on source_text using gin (source_pairs(text));

create function source_into_text() returns trigger language plpgsql as $$
begin
    insert into source_text (source_id, text) values (new.id, new.list_title || chr(10) || lower(new.url))
    on conflict (source_id) do update set text = excluded.text;
    return null;
end $$;

create trigger source_into_text after insert on source for each row execute function source_into_text();

create trigger source_text_again after update of title, feed_title, url on source
    for each row when (new.list_title is distinct from old.list_title or new.url is distinct from old.url) execute function source_into_text();

insert into source_text (source_id, text) select id, list_title || chr(10) || lower(url) from source;

-- The few that are not fetched: their lists and their numbers are not looked for among those that are.
create index source_paused on source (list_title, id) where state = 2;
create index source_gone on source (list_title, id) where state = 3;
