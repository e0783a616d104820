-- What the workers of all nodes have to agree on about a host: when the next request may start (the gap), until when its
-- operator asked us to stay away (Retry-After), and the requests in progress, each as the time at which its lease runs out.
-- All of it is in one row, so that one locked row answers whether a request may start.
create table host (
    name              text    not null primary key,
    not_before        bigint  not null default 0,
    closed_until      bigint  not null default 0,
    slots             bigint[] not null default '{}'
) with (fillfactor = 70);

-- "name:port" of the address, null for what is not fetched over HTTP or was not claimed since this column exists.
alter table source add column host text;
-- What admins want of its requests, and what redirects and failures taught us, each as JSON.
alter table source add column fetch_settings text;
alter table source add column fetch_state text;
