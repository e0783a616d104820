-- The index of searches has triples of characters too, so that it knows by itself what fits; every row is made anew by the job beside, the
-- newest first. What a search needs of each of its candidates stands beside the terms: the rows of entries are wide.
truncate search_index, search_version_index, search_queue;

alter table search_index add column sort_at bigint not null;
alter table search_index add column source_id bigint not null;

insert into search_queue (entry_id) select id from entry order by id desc;
