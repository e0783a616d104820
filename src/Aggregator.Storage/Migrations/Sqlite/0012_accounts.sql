-- Roles, and accounts that are no longer let in; "external_id" is the issuer and subject of an OpenID Connect account.
alter table admin add column role integer not null default 1;
alter table admin add column disabled_at integer;
alter table admin add column external_id text;

create unique index admin_by_external_id on admin (external_id);

-- Who is signed in: only hashes of what the cookies hold, so that reading the store opens no session.
create table admin_session (
    id                integer primary key autoincrement,
    token_hash        blob    not null unique,
    admin_id          integer not null references admin on delete cascade,
    created_at        integer not null,
    seen_at           integer not null,
    network           text    not null,
    agent             text
) strict;

create index admin_session_of_admin on admin_session (admin_id, seen_at);
create index admin_session_by_time on admin_session (seen_at);

create table api_key (
    id                integer primary key autoincrement,
    token_hash        blob    not null unique,
    hint              text    not null,
    name              text    not null,
    admin_id          integer not null references admin on delete cascade,
    scopes            integer not null,
    created_at        integer not null,
    expires_at        integer,
    last_used_at      integer
) strict;

create index api_key_of_admin on api_key (admin_id);

-- What somebody changed. It refers to nothing, so that it outlives what it tells of.
create table audit (
    id                integer primary key autoincrement,
    at                integer not null,
    actor             text    not null,
    action            text    not null,
    subject           text    not null,
    state_before      text,
    state_after       text
) strict;

create index audit_of_subject on audit (subject, id);
