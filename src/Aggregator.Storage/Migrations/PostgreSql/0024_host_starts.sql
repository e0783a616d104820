-- When the last request began, whatever gap it keeps: who keeps a longer one (Crawl-delay) counts it from here too.
alter table host add column started_at bigint not null default 0;
