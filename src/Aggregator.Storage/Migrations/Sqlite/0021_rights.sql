-- How much of an entry strangers may see (0 nothing, 1 title, 2 summary, 3 all), and what publishers ask for (flags: 1 blocked, 2 denied,
-- 4 no copies). "republish" is what admins set, "level" is what holds; it stands here so that pages of entries ask one row of their source.
alter table category add column republish integer;
alter table source add column republish integer;
alter table source add column publisher_agrees integer not null default 0;
alter table source add column category_republish integer;
alter table source add column feed_license text;
alter table source add column feed_wishes integer not null default 0;
alter table source add column level integer generated always as (
    min(coalesce(republish, category_republish, 3),
        case when publisher_agrees = 1 then 3 when (feed_wishes & 3) <> 0 then 0 when (feed_wishes & 4) <> 0 then 2 else 3 end)) virtual;
alter table entry add column license text;
alter table entry add column wishes integer not null default 0;

-- The few that are shown nowhere, to be taken off what is counted.
create index entry_not_shown on entry (source_id) where (wishes & 3) <> 0;

-- A category's default reaches its sources whoever changes it, or puts a source in and takes it out.
create trigger category_source_in_level after insert on category_source begin
    update source
    set category_republish = (select min(category.republish) from category_source join category on category.id = category_source.category_id
                              where category_source.source_id = source.id)
    where id = new.source_id and (select republish from category where id = new.category_id) is not null;
end;

create trigger category_source_out_level after delete on category_source begin
    update source
    set category_republish = (select min(category.republish) from category_source join category on category.id = category_source.category_id
                              where category_source.source_id = source.id)
    where id = old.source_id and category_republish is not null;
end;

create trigger category_level after update of republish on category when new.republish is not old.republish begin
    update source
    set category_republish = (select min(category.republish) from category_source join category on category.id = category_source.category_id
                              where category_source.source_id = source.id)
    where id in (select source_id from category_source where category_id = new.id);
end;
