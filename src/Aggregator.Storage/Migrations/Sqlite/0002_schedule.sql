-- The rhythm is one value that is learnt from dates; what it replaces could not be carried over.
alter table source drop column typical_gap;
alter table source drop column newest_at;
alter table source add column rhythm blob;
-- what the feed asks of those who poll it: milliseconds, a bit for each hour (UTC), a bit for each day from Sunday
alter table source add column feed_min_interval integer;
alter table source add column skip_hours integer not null default 0;
alter table source add column skip_days integer not null default 0;
-- what admins set
alter table source add column min_interval integer;
alter table source add column max_interval integer;
-- until when a hub has promised to tell us of news
alter table source add column hub_lease_until integer;

-- Every feed is read once as if it were new: a source that answers "not modified" would never show its dates.
update source set parser_version = 0;
