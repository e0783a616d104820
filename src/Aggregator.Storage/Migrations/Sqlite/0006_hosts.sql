-- Until when a host's operator asked us to stay away (Retry-After). What else workers have to agree on, the gap and the
-- requests in progress, lives in the memory of the one process that owns the file: those columns serve PostgreSQL.
create table host (
    name              text    not null primary key,
    not_before        integer not null default 0,
    closed_until      integer not null default 0,
    slots             text    not null default '[]'
) strict, without rowid;

-- "name:port" of the address, null for what is not fetched over HTTP or was not claimed since this column exists.
alter table source add column host text;
-- What admins want of its requests, and what redirects and failures taught us, each as JSON.
alter table source add column fetch_settings text;
alter table source add column fetch_state text;
