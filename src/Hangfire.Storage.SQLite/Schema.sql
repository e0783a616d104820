create table job(id integer primary key, state_id integer, state text, invocation text not null, arguments text,
                 created_at integer not null, expire_at integer) strict;
create index job_by_state  on job(state, id)   where state is not null;
create index job_by_expiry on job(expire_at)   where expire_at is not null;

create table job_parameter(job_id integer not null references job(id) on delete cascade, name text not null, value text,
                           primary key(job_id, name)) strict, without rowid;

create table job_state(id integer primary key, job_id integer not null references job(id) on delete cascade, name text not null,
                       reason text, created_at integer not null, data text) strict;
create index job_state_by_job on job_state(job_id, id);

create table job_queue(id integer primary key autoincrement, queue text not null, job_id integer not null, fetched_at integer) strict;
create index job_queue_ready   on job_queue(queue, id) where fetched_at is null;
create index job_queue_fetched on job_queue(queue, id) where fetched_at is not null;

create table "set"(key text not null, value text not null, score real not null, expire_at integer, primary key(key, value)) strict, without rowid;
create index set_by_score  on "set"(key, score, value);
create index set_by_expiry on "set"(expire_at) where expire_at is not null;

create table hash(key text not null, field text not null, value text, expire_at integer, primary key(key, field)) strict, without rowid;
create index hash_by_expiry on hash(expire_at) where expire_at is not null;

create table list(id integer primary key autoincrement, key text not null, value text, expire_at integer) strict;
create index list_by_key    on list(key, id desc);
create index list_by_expiry on list(expire_at) where expire_at is not null;

create table counter(key text primary key, value integer not null, expire_at integer) strict, without rowid;
create index counter_by_expiry on counter(expire_at) where expire_at is not null;

create table server(id text primary key, data text not null, heartbeat integer not null) strict, without rowid;

create table meta(key text primary key, value integer not null) strict, without rowid;
