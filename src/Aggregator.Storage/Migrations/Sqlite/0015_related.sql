-- Related articles. An entry's rarest terms as numbers with their weights (related_vector), and an index from terms to entries: FTS5, because
-- it gathers what is new in parts of its own; a table of terms and entries would write a page for nearly every term of every entry.
create table related_vector (
    entry_id          integer primary key references entry on delete cascade,
    terms             blob    not null
) strict;

create virtual table related_index using fts5 (terms, content='', contentless_delete=1, detail=none, tokenize='ascii');

-- What came or changed and is not in the index yet. An entry may wait more than once.
create table related_queue (
    number            integer primary key autoincrement,
    entry_id          integer not null
) strict;

-- How often the index changed, and in how many entries each term occurs, roughly: it only says what is rare.
create table related_state (
    id                integer primary key check (id = 1),
    number            integer not null
) strict;

create table related_frequency (
    id                integer primary key check (id = 1),
    documents         integer not null,
    counts            blob    not null
) strict;

-- What was found for an entry when its index had this number, best first. A passage is text of the related entry and goes with it.
create table related_list (
    entry_id          integer primary key references entry on delete cascade,
    number            integer not null,
    kept_at           integer not null
) strict;

create table related_article (
    entry_id          integer not null references related_list on delete cascade,
    place             integer not null,
    related_id        integer not null references entry on delete cascade,
    passage           text    not null,
    primary key (entry_id, place)
) strict, without rowid;

create index related_article_of on related_article (related_id);

insert into related_state (id, number) values (1, 0);

create trigger entry_to_related after insert on entry begin
    insert into related_queue (entry_id) values (new.id);
end;

create trigger entry_to_related_again after update of version, body_number on entry begin
    insert into related_queue (entry_id) values (new.id);
end;

create trigger entry_out_of_related after delete on entry begin
    delete from related_index where rowid = old.id;
end;

insert into related_queue (entry_id) select id from entry order by id;
